"""The figure of docs/performance.md: time of `streets` against the number of people, by program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.numbers import NAMES, quantity
from benchmarks.store import Store
from groundswell.figures.save import save
from groundswell.figures.theme import BLUE, GREEN, INK, MUTED, ORANGE, PURPLE, SKY, VERMILION, dressed, values

COLOURS = {
    "groundswell": VERMILION, "numba-scan": BLUE, "laser": INK, "numpy-scan": SKY, "mesa-frames": ORANGE,
    "starsim": PURPLE, "mesa": GREEN,
}  # fmt: skip
WIDTH, HEIGHT = 640, 400
APART = 0.17  # of a decade: two names at the right closer than this would touch


def points(store: Store) -> list[dict[str, Any]]:
    """Rows of `streets` in the figure: each program on as many threads as it is given at most."""
    out = []
    for peer in COLOURS:
        rows = store.rows("streets", peer)
        threads = max((r["threads"] for r in rows), default=1)
        for r in rows:
            if r["threads"] == threads:
                out.append({"peer": peer, "people": r["people"], "wall_s": r["wall_s"]})
    return sorted(out, key=lambda p: (p["peer"], p["people"]))


def labels(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A name at the last point of each program, moved up where two would touch."""
    last = {p["peer"]: p for p in found}
    out: list[dict[str, Any]] = []
    for p in sorted(last.values(), key=lambda p: p["wall_s"]):
        y = p["wall_s"]
        for other in out:
            near = max(p["people"], other["people"]) < 8 * min(p["people"], other["people"])
            if near and y < other["y"] * 10**APART:
                y = other["y"] * 10**APART
        out.append({"peer": p["peer"], "people": p["people"], "y": y, "name": NAMES[p["peer"]]})
    return out


def draw(store: Store, path: Path) -> bool:
    """Write the figure; False where there is nothing to show."""
    import altair as alt

    found = points(store)
    if not found:
        return False
    colour = alt.Color("peer:N", legend=None, scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())))
    most = max(p["people"] for p in found)
    x = alt.X(
        "people:Q",
        title="people",
        scale=alt.Scale(type="log", domain=[1_500, 12 * most]),
        axis=alt.Axis(values=[10**k for k in range(4, 9)], format=","),
    )
    walls = [p["wall_s"] for p in found]
    scale = alt.Scale(type="log", domain=[0.6 * min(*walls, 0.1), 1.6 * max(*walls, 120.0)], nice=False)
    axis = alt.Axis(values=[10.0**k for k in range(-2, 4)], format="~g")
    y = alt.Y("wall_s:Q", title="seconds for 480 hours", scale=scale, axis=axis)
    base = alt.Chart(values(found)).encode(x=x, y=y, color=colour)
    words = alt.Chart(values(labels(found))).encode(
        x=x, y=alt.Y("y:Q", title="seconds for 480 hours"), text="name:N", color=colour
    )
    halo, names = (  # no line runs through a name
        words.mark_text(align="left", dx=9, fontSize=11, **rim)
        for rim in ({"stroke": "white", "strokeWidth": 5, "strokeJoin": "round"}, {})
    )
    limit = (
        alt.Chart(values([{"y": 120}]))
        .mark_rule(strokeDash=[4, 3], color=MUTED)
        .encode(y=alt.Y("y:Q", title="seconds for 480 hours"))
    )
    chart = alt.layer(
        limit, base.mark_line(strokeWidth=1.5), base.mark_point(filled=True, size=45, opacity=1), halo, names
    )
    m = store.found["machine"]
    subtitle = (
        f"One run of 480 hours; measured {m.get('date', '')} on {m.get('processors', '?')} processor cores. The dashed "
        f"line is two minutes: programs that scan people are shown up to the largest population that they do in that "
        f"time, and {quantity(19_500_000)} at most."
    )
    chart = chart.properties(width=WIDTH, height=HEIGHT)
    save(dressed(chart, "Time against the number of people, same rules", subtitle, WIDTH), path)
    return True
