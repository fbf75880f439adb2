"""Puts a report together -> `report.html`, self-contained."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from groundswell import figures
from groundswell.figures import frames, marks
from groundswell.figures.map import SHARE_CLASSES
from groundswell.figures.theme import STEPS
from groundswell.files import write
from groundswell.observe.harm import LEAST_PEOPLE

from . import ending, fit, mapdata, numbers, phases, wording
from .data import ReportData
from .names import where
from .templating import FOLDER, environment, styles

WIDTHS = {"wide": 1040, "narrow": 340}

# Chart, variables of the history it needs, and what a reader who does not see it is told.
CHARTS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "curves",
        ("on_street",),
        "People on the street over time, whole country and region by region, with the measures.",
    ),
    (
        "ladder",
        ("on_street",),
        "People on the street over time, and below it when each kind of measure stood.",
    ),
    (
        "turnout_by_region",
        ("on_street",),
        "People on the street by region and hour in classes of size, with the windows of dated statements.",
    ),
    (
        "onset",
        ("on_street",),
        "First hour with at least 50 people on the street, place by place, one row per region.",
    ),
    ("reproduction", ("reproduction",), "How many further people one more person on the street brings, day by day."),
    ("strikes", ("striking",), "Share of workers on strike over time, one row per enterprise."),
    (
        "demands",
        ("demand_share", "on_street"),
        "Share of each demand among the people on the street over time.",
    ),
    ("pressure", ("pressure",), "Mean pressure on each livelihood over time."),
    ("harm", (), "Dead, injured, arrested and held over time."),
)


def charts(data: ReportData) -> list[dict[str, str]]:
    """All charts the history has variables for, each as a wide and a narrow SVG."""
    made = []
    for name, needs, told in CHARTS:
        if any(variable not in data.history for variable in needs):
            continue
        drawn = {"name": name, "told": told}
        for kind, width in WIDTHS.items():
            drawn[kind] = figures.inline_svg(_chart(data, name, width), f"{name}-{kind}")
        made.append(drawn)
    return made


def _chart(data: ReportData, name: str, width: int) -> Any:
    extra: dict[str, Any] = {}
    if name in ("curves", "onset", "turnout_by_region"):
        extra["region_names"] = data.region_names
    if name in ("curves", "ladder"):
        extra["measures"] = data.measures
    if name == "turnout_by_region":
        extra["chronology"] = data.chronology
    draw: Callable[..., Any] = getattr(figures, name)
    return draw(data.history, offset_h=data.main_utc_offset_h, width=width, account=data.account, **extra)


def measures(data: ReportData) -> list[dict[str, Any]]:
    """Measures in order of time with local times and readable scopes."""
    start = frames.span_of(frames.local_ms(data.history, data.main_utc_offset_h))[0]

    def moment(hour: Any) -> str:
        return "" if hour is None else frames.when(start + round(float(hour) * 3_600_000), weekday=True)

    return [
        {
            **row,
            "kind": row["label"] or marks.kind_words(str(row["kind"])),
            "start": moment(row["start_hour"]),
            "end": moment(row.get("end_hour")),
            "where": where(data, row.get("scope")),
        }
        for row in sorted(data.measures, key=lambda m: (float(m["start_hour"]), not m.get("used", True)))
    ]


def provenance(data: ReportData) -> list[tuple[str, str]]:
    """What is needed to make the run again."""
    rows = [
        ("Case", f"{data.title} ({data.case_id})"),
        ("Account", data.account or "none: the common base"),
        ("Seed", str(data.seed)),
        ("Groundswell", data.version),
        ("Digest of the inputs", data.digest),
    ]
    for key, label in (("platform", "Platform"), ("wall_s", "Run time"), ("peak_rss_mib", "Memory at most")):
        value = data.summary.get(key)
        if value is None:
            continue
        if key == "wall_s":
            value = f"{float(value):,.1f} s"
        elif key == "peak_rss_mib":
            value = f"{float(value):,.0f} MiB"
        elif isinstance(value, Mapping):
            value = ", ".join(f"{k} {v}" for k, v in value.items())
        rows.append((label, str(value)))
    return rows


def tidy(value: Any) -> str:
    """A parameter's value or prior as text, without the noise of binary fractions."""
    if isinstance(value, bool) or value is None:
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) >= 1e6 else f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return " to ".join(tidy(v) for v in value) if len(value) == 2 else ", ".join(tidy(v) for v in value)
    return str(value)


def report_html(data: ReportData) -> str:
    """The whole report as one HTML text."""
    from markupsafe import Markup

    css = styles("report.css")
    script = (FOLDER / "report.js").read_text(encoding="utf-8")
    packed, paths, height = mapdata.map_data(data)
    drawn = [{**chart, "wide": Markup(chart["wide"]), "narrow": Markup(chart["narrow"])} for chart in charts(data)]
    templates = environment()
    templates.filters["tidy"] = tidy
    templates.filters["guarded"] = lambda n: f"{n:,}" if n == 0 or n >= LEAST_PEOPLE else "under 10"
    seal = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    return templates.get_template("report.html.j2").render(
        data=data,
        standing=wording.standing(data.account, (data.summary.get("plan") or {}).get("government", "scripted")),
        synthetic=wording.SYNTHETIC,
        cannot_tell=wording.cannot_tell(),
        limits=wording.LIMITS,
        numbers=numbers.key_numbers(data),
        css=Markup(css),
        script=Markup(script),
        seal=seal,
        packed=Markup(mapdata.script_json(packed)),
        map=packed,
        paths=paths,
        map_height=round(height),
        classes=list(zip(SHARE_CLASSES, STEPS, strict=True)),
        region_names={r: frames.region_name(r, data.region_names) for r in paths},
        charts=drawn,
        ending=ending.ending(data),
        figures=numbers.figures(data),
        by_region=numbers.by_region(data),
        phases=[{**card, "pictures": [Markup(svg) for svg in card["pictures"]]} for card in phases.cards(data)],
        pictures_end=phases.pictures_end(data),
        forces=data.forces,
        fit=fit.opening(data),
        chronology=fit.chronology(data),
        measures=measures(data),
        provenance=provenance(data),
    )


def write_report(data: ReportData, path: str | Path) -> Path:
    """Writes the report beside its place and renames it, so that a half-written report is never seen."""
    return write(path, report_html(data))
