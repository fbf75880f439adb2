"""The toy world of history's readers, for readers of the record."""

from observe.conftest import reading

__all__ = ["reading"]
