"""The toy world of history's readers, for readers of the record."""

from history.conftest import reading

__all__ = ["reading"]
