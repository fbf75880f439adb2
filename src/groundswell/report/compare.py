"""The page of a comparison: accounts beside the record, from the plain data of `verdict.json` -> `compare.html`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import wording
from .templating import environment, styles
from .weighed import chances, fit, how, signs, trust
from .weighed.blocks import Section
from .weighed.names import Names, capital
from .weighed.words import ELSE, mode_title, modes_of, plain, record_words, summary_lines

__all__ = ["compare_page", "summary_lines"]

SIDE = (
    "It takes no side: the record keeps every source's version, and no account is argued for or against. Accounts "
    "stand in the order of their probability on this page only."
)


def compare_page(verdict: Mapping[str, Any]) -> str:
    """The whole page as one HTML text that needs no network and no script.

    Args:
        verdict: as `verdict.json` holds it; the verdict of a second mode stands below `also`.
    """
    from markupsafe import Markup

    names, modes = Names(verdict), modes_of(verdict)
    parts = [
        {"mode": mode["mode"], "title": mode_title(mode["mode"]), "sections": sections(verdict, mode, names)}
        for mode in modes
    ]
    templates = environment()
    templates.filters["drawn"] = Markup  # charts are SVG made here, their texts escaped by the renderer
    templates.filters["glued"] = lambda text: str(text).replace(" %", "\u00a0%")  # no line end before the sign
    css = styles("report.css", "compare.css")
    return templates.get_template("compare.html.j2").render(
        verdict=verdict,
        css=Markup(css),
        record=record_words(verdict),
        probability=wording.PROBABILITY,
        limits=(wording.cannot_tell(), ELSE, SIDE),
        plain=plain(verdict),
        cannot_tell=f"{capital(wording.cannot_tell().partition(': ')[2])} {ELSE}",
        chances=chances.section(verdict),
        parts=parts,
    )


def sections(verdict: Mapping[str, Any], mode: Mapping[str, Any], names: Names) -> list[Section]:
    """The sections of one mode, in the order in which a newcomer asks."""
    return [
        fit.recovery(mode, names),
        fit.fit(mode, names),
        signs.section(mode, names),
        trust.told_apart(mode, names),
        trust.reliability(mode, names),
        trust.parameters(mode, names),
        trust.baselines(mode, names),
        how.settling(mode, names),
        how.steadiness(mode, names),
        how.making(verdict, mode, names),
    ]
