"""The base of every row of a table."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """A row of a table: frozen, with no column beyond those named."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())
