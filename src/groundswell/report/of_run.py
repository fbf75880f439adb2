"""What the report needs of a run, collected."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from groundswell.accounts.playing import told
from groundswell.case import Case
from groundswell.domains import all_mechanisms
from groundswell.observe.courses import courses
from groundswell.observe.organs import by_organ
from groundswell.observe.reading import Reading
from groundswell.observe.registry import seen
from groundswell.record import SCORED_SETS
from groundswell.report.data import ReportData
from groundswell.world.world import World

RAISED = {"law": "Law at issue", "arrest": "Arrest", "killing": "Killing", "vote": "Vote", "other": "At issue"}
"""Kind of an issue -> words for a measure that raises it."""


def report_data(run: Any) -> ReportData:
    """The report's data of a `groundswell.play.run.Run`."""
    simulation, case, summary = run.simulation, run.case, run.summary
    world = simulation.world
    uses = {row.observation: row.use for row in case.tables["calibration"].rows}
    return ReportData(
        title=case.title,
        case_id=case.id,
        account=run.plan.carried.get("title"),
        says=told(run.plan.carried) if run.plan.carried else "",
        seed=run.plan.seed,
        version=summary["version"],
        digest=summary["digest"],
        population=summary["population"],
        main_utc_offset_h=simulation.clock.main_offset_h,
        history=run.history,
        outlines=world.outlines,
        measures=measures(run.reading),
        chronology=[
            {**row, "run_value": row["value"], "use": uses.get(row["observation"], "")}
            for row in run.chronology()
            if row["set"] in SCORED_SETS
        ],
        parameters=parameters(run),
        summary={**summary, "places": world.places, "enterprises": world.enterprises},
        region_names=world.region_names,
        texts={row.source: row.name for row in case.tables["sources"].rows},
        courses=courses(run.reading, summary["phases"]) if run.reading.steps else {},
        passivity=_study(case, "passivity"),
        forces=by_organ(run.reading) if run.reading.steps else (),
        shown=seen(run.reading),
        study=case.study,
    )


def _study(case: Case, name: str) -> dict[str, Any] | None:
    """What a published study of a case found, from its folder `studies`; None where there is none."""
    path = case.folder / "studies" / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def measures(reading: Reading) -> list[dict[str, Any]]:
    """Every recorded measure in every version, those used as this run has them; and those that a rule took."""
    world = reading.world
    in_run = {m.id: m for m in world.measures}
    live = (ids for ids, acts in zip(world.ladder.replaces, world.rung_live, strict=True) if acts)
    ruled = {measure for ids in live for measure in ids}
    out = []
    for row in world.case.tables["measures"].rows:
        places = world.in_scope(row.scope)
        own = in_run.get(row.measure) if row.used else None
        start = own.start_h if own else world.hour_of(row.start_local, places)
        end = own.end_h if own else world.hour_of(row.end_local, places) if row.end_local else None
        unused = "another version is" if not row.used else "the rule decides" if row.measure in ruled else "left out"
        out.append(
            {
                "kind": row.kind, "label": label(world, row.measure, row.kind, places),
                "start_hour": start, "end_hour": end, "scope": ";".join(row.scope),
                "statement": row.statement, "source": row.source, "used": own is not None, "version": row.version,
                "unused": unused,
            }
        )  # fmt: skip
    for m in reading.taken:
        ids = ";".join(world.place_id[i] for i in np.flatnonzero(m.places))
        out.append(
            {
                "kind": m.kind, "label": label(world, m.id, m.kind, m.places),
                "start_hour": m.start_h, "end_hour": m.end_h,
                "scope": "*" if m.places.all() else ids, "statement": m.statement, "source": m.source, "used": True,
                "version": "the government's rule", "by": "rule",
            }
        )  # fmt: skip
    return sorted(out, key=lambda m: m["start_hour"])


def label(world: World, measure: str, kind: str, places: np.ndarray) -> str | None:
    """Words for a measure that its kind does not tell: what it raises or grants, a word to a part of the country."""
    if kind == "appeal" and not places.all():
        return "Appeal for calm"
    if kind != "other":
        return None
    raised = np.flatnonzero(world.issues.raised(measure))
    if raised.size:
        return RAISED[world.issues.kind[raised[0]]]
    granted = np.flatnonzero(world.demands.met(measure))
    return f"Granted: {world.demands.name[granted[0]]}" if granted.size else None


def parameters(run: Any) -> list[dict[str, Any]]:
    """Every parameter with its value in this run and where the value comes from."""
    fitted, given, account, drawn = run.case.parameters, run.plan.change.set, run.plan.carried, run.plan.drawn
    out = []
    for name, mechanism in all_mechanisms().items():
        for info in mechanism.parameters():
            state, source = info.state, info.source
            if (entry := fitted.get(name, {}).get(info.name)) is not None:
                state, source = entry.state, entry.source
            source = run.case.rests_on(f"{name}.{info.name}", source)
            if f"{name}.{info.name}" in drawn.get("settings", {}):
                state, source = "calibrated", f"draw {drawn['draw']} of {drawn['of']}"
            if f"{name}.{info.name}" in account.get("settings", {}):
                state, source = "set by the account", account["title"]
            if f"{name}.{info.name}" in given:
                state, source = "set by the user", "--set"
            value = getattr(run.simulation.parameters[name], info.name)
            out.append(
                {
                    "name": f"{name}.{info.name}", "value": value, "unit": info.unit, "prior": str(info.prior),
                    "state": state, "source": source,
                }
            )  # fmt: skip
    return out
