"""The pages' templates: where they lie, and how they are filled in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

FOLDER = Path(__file__).parent / "templates"


def environment() -> jinja2.Environment:
    """Templates with everything escaped; a name that a page does not have is an error."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip


def styles(*names: str) -> str:
    """The text of style sheets, one after the other."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
