"""Pages of results are short, say on which base they stand, and keep no picture that no page shows."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted((DOCS / "results").glob("*.md"))
LONGEST = 30_000  # bytes


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_a_page_of_results_is_short_and_says_on_which_base_it_stands(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < LONGEST, "what the page's tool can write in full does not belong in the docs"
    top = text.split("\n## ", 1)[0]
    assert re.search(r"version \d+\.\d+|Groundswell \d+\.\d+", top), "the top names the version of the base"


def test_every_picture_is_shown_by_a_page() -> None:
    shown = {
        (page.parent / target).resolve()
        for page in [ROOT / "README.md", *DOCS.rglob("*.md")]
        for target in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    }
    kept = {path.resolve() for folder in ("results", "images") for path in (DOCS / folder).glob("*.[ps][nv]g")}
    assert kept and kept - shown == set()
