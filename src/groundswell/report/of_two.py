"""The page of two runs side by side: what was changed, where they part, harm, a map of the difference, curves."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from groundswell.case import CaseError, Problem
from groundswell.case.statements import statements as told_statements
from groundswell.figures import frames, inline_svg
from groundswell.figures.bands import HOUR_MS
from groundswell.figures.overlaid import overlaid
from groundswell.files import write
from groundswell.observe import parting
from groundswell.observe.harm import COUNTED
from groundswell.world.world import build

from . import mapdata, wording
from .of_set import offset_h, start_ms
from .page import WIDTHS
from .templating import FOLDER, environment, styles

LABELS = {
    "dead": "Dead, not of the forces", "security_dead": "Dead of the forces",
    "injured": "Injured, not of the forces", "security_injured": "Injured of the forces", "detained": "Detained",
    "peak_on_street": "Most on the street at one time", "joins": "Times somebody came out", "strikes": "Strikes begun",
    "met": "Dated statements met",
}  # fmt: skip
COURSES = (
    ("on_street", ("on_street",), False, "People on the street, whole country"),
    ("dead", COUNTED["dead_all"].of, True, "Dead so far, all sides"),
    ("injured", COUNTED["injured_all"].of, True, "Injured so far, all sides"),
    ("detained", COUNTED["detained"].of, True, "Detained so far"),
)
"""Name, variables of the history whose sum it is, whether it is a running total, and the title."""

SAME_LUCK = "Both have the same seed: every stroke of luck that the change does not touch is the same in both."
OTHER_LUCK = "They have different seeds, so what differs below is luck as well."
ONE_PAIR = (
    "This is one pair of runs. What a change brings about is told by many pairs, with their spread: that is what the "
    "command ask does."
)


def problems_of(a: Any, b: Any, names: tuple[str, str]) -> list[Problem]:
    """Why two runs cannot be laid side by side."""
    pairs = (("case", a.summary["case"], b.summary["case"]), ("digest of the case", *(
        run.summary["case_digest"][:12] for run in (a, b))), ("people_scale", a.plan.people_scale, b.plan.people_scale),
        ("step_h", a.plan.step_h, b.plan.step_h))  # fmt: skip
    return [Problem("diff", None, what, str(y), f"{x}, as {names[0]} has it") for what, x, y in pairs if x != y]


def page(a: Any, b: Any, names: tuple[str, str]) -> str:
    """The page of two runs of one case as one HTML text.

    Args:
        a, b: runs, as `groundswell.run` or `groundswell.open` gives them. names: how each is called on the page.

    Raises:
        CaseError: they are not runs of one case.
    """
    from markupsafe import Markup

    if wrong := problems_of(a, b, names):
        raise CaseError(wrong)
    world = build(a.case, 0.001)
    packed, paths, height = map_data(a, b, world)
    script = (FOLDER / "diff.js").read_text(encoding="utf-8")
    seal = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    drawn = []
    for name, told, chart in _charts(a, b, names):
        svg = {kind: Markup(inline_svg(chart(width), f"{name}-{kind}")) for kind, width in WIDTHS.items()}
        drawn.append({"name": name, "told": told, **svg})
    return environment().get_template("diff.html.j2").render(
        title=a.case.title, names=names, css=Markup(styles("report.css")), seal=seal, script=Markup(script),
        packed=Markup(mapdata.script_json(packed)), map=packed, map_height=round(height), paths=paths,
        region_names={r: frames.region_name(r, world.region_names) for r in paths},
        runs=[_about(run, name) for run, name in zip((a, b), names, strict=True)],
        luck=SAME_LUCK if a.plan.seed == b.plan.seed else OTHER_LUCK, one_pair=ONE_PAIR,
        parted=_parted(a, b, world, names), numbers=_numbers(a.summary, b.summary),
        statements=_statements(a, b), charts=drawn, cannot_tell=wording.cannot_tell(), version=a.summary["version"],
    )  # fmt: skip


def write_diff(a: Any, b: Any, names: tuple[str, str], path: str | Path) -> Path:
    """Write the page beside its place and rename it."""
    return write(path, page(a, b, names))


def _about(run: Any, name: str) -> dict[str, str]:
    drawn = run.plan.drawn.get("draw")
    ending = (run.summary["ending"] or {}).get("title", "not decided yet")
    return {
        "name": name, "change": _changed(run.plan) or "nothing is changed", "seed": str(run.plan.seed),
        "draw": "declared parameters" if drawn is None else f"draw {drawn}", "ending": ending,
        "digest": run.summary["digest"][:16], "hours": f"{run.summary['hours']:g}",
    }  # fmt: skip


def _changed(plan: Any) -> str:
    own = plan.change
    return str((replace(own, government="") if own.government == "scripted" else own).words)


def _parted(a: Any, b: Any, world: Any, names: tuple[str, str]) -> str:
    found = parting.parting(a.history, b.history)
    if found is None:
        return "In the hours that both have, the two runs are the same in every place."
    when = frames.when(start_ms(a.case) - HOUR_MS + round(float(a.history["hour"].values[found.step]) * HOUR_MS))
    place = dict(zip(world.place_id, frames.names(a.history, "place"), strict=True)).get(found.where, found.where)
    what = str(a.history[found.variable].attrs["long_name"])
    x, y = (f"{v:,.6g}" for v in found.values)
    return f"They first part by {when}, in {place}: {what}, {x} in {names[0]} and {y} in {names[1]}."


def _numbers(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": LABELS[name], "a": f"{x:,.0f}", "b": f"{y:,.0f}", "by": f"{y - x:+,.0f}" if x != y else "same"}
        for name, x, y in parting.numbers(a, b)
    ]


def _statements(a: Any, b: Any) -> list[dict[str, str]]:
    words = {row.id: row.statement for row in told_statements(a.case)}
    found = parting.statements(a.summary, b.summary)
    return [{"statement": words.get(id, id), "a": x, "b": y} for id, (x, y) in found.items()]


def _charts(a: Any, b: Any, names: tuple[str, str]) -> list[tuple[str, str, Any]]:
    offset = offset_h(a.case)
    out = []
    for name, variables, summed, title in COURSES:
        lines = [_line(run.history, variables, summed) for run in (a, b)]
        if any(line.any() for line in lines):
            out.append((name, f"{title}, in both runs.", _drawn(lines, a, names, title, offset)))
    return out


def _line(history: Any, variables: tuple[str, ...], summed: bool) -> np.ndarray:
    """(H,) a course over the whole case at whole hours."""
    there = [v for v in variables if v in history]
    total = np.sum([frames.total(history, v) for v in there], axis=0) if there else np.zeros(history.sizes["time"])
    every = max(round(1 / float(history["hour"].values[0])), 1) if history.sizes["time"] else 1
    return np.asarray((np.cumsum(total) if summed else total)[every - 1 :: every])


def _drawn(lines: list[np.ndarray], a: Any, names: tuple[str, str], title: str, offset: float) -> Any:
    start = start_ms(a.case)
    one, other = lines
    more: dict[str, Any] = {"names": names, "title": title, "unit": "people", "offset_h": offset}
    return lambda width: overlaid(one, other, start, width=width, **more)


def map_data(a: Any, b: Any, world: Any) -> tuple[dict[str, Any], dict[str, str], float]:
    """What the page's script reads, the outlines, and the height of the map."""
    project, paths, frame = mapdata.outline_paths(world.outlines, a.history)
    coords, hours = a.history.coords, min(a.history.sizes["time"], b.history.sizes["time"])
    at = mapdata.to_page(
        project, frame, np.stack([coords["lon_deg"].values, coords["lat_deg"].values], 1).astype(float)
    )
    people = [mapdata.guarded(frames.street(run.history)[:hours]) for run in (a, b)]
    gap = people[1] - people[0]
    names, owner = frames.names(a.history, "place"), frames.regions(a.history)
    places = [
        {
            "n": names[i], "r": frames.region_name(owner[i], world.region_names), "x": round(float(at[i, 0]), 1),
            "y": round(float(at[i, 1]), 1), "a": mapdata.deltas(people[0][:, i]), "b": mapdata.deltas(people[1][:, i]),
        }
        for i in np.argsort(-np.abs(gap).max(axis=0), kind="stable").tolist() if gap[:, i].any()
    ]  # fmt: skip
    whole = [frames.street(run.history)[:hours].sum(axis=1).astype(int) for run in (a, b)]
    step_h = float(a.history["hour"].values[0]) if hours else 1.0
    packed = {
        "start": start_ms(a.case) - HOUR_MS, "step": step_h, "hours": hours, "largest": int(np.abs(gap).max(initial=1)),
        "circle": mapdata.CIRCLE, "width": mapdata.WIDTH, "places": places,
        "a": whole[0].tolist(), "b": whole[1].tolist(),
    }  # fmt: skip
    return packed, paths, frame["height"]
