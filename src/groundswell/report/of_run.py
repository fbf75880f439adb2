"""What the report needs of a run, collected."""

from __future__ import annotations

from typing import Any

from groundswell.mechanisms import all_mechanisms
from groundswell.report.data import ReportData


def report_data(run: Any) -> ReportData:
    """The report's data of a `groundswell.run.Run`."""
    simulation, case, summary = run.simulation, run.case, run.summary
    world = simulation.world
    return ReportData(
        title=case.title,
        case_id=case.id,
        account=run.plan.account,
        seed=run.plan.seed,
        version=summary["version"],
        digest=summary["digest"],
        population=summary["population"],
        main_utc_offset_h=simulation.clock.main_offset_h,
        history=run.history,
        outlines=world.outlines,
        measures=measures(world),
        chronology=[{**row, "run_value": row["value"]} for row in run.chronology()],
        parameters=parameters(run),
        summary={**summary, "places": world.places, "enterprises": world.enterprises},
        region_names=world.region_names,
        texts={key: text.title for key, text in case.texts.items()},
    )


def measures(world: Any) -> list[dict[str, Any]]:
    """Every recorded measure in every version: those used as this run has them, the others as recorded."""
    in_run = {m.id: m for m in world.measures}
    out = []
    for row in world.case.tables["measures"].rows:
        places = world.in_scope(row.scope)
        own = in_run.get(row.measure) if row.used else None
        start = own.start_h if own else world.hour_of(row.start_local, places)
        end = own.end_h if own else world.hour_of(row.end_local, places) if row.end_local else None
        used = own is not None
        out.append(
            {
                "kind": row.kind, "label": None, "start_hour": start, "end_hour": end, "scope": ";".join(row.scope),
                "statement": row.statement, "source": row.source, "used": used, "version": row.version,
            }
        )  # fmt: skip
    return sorted(out, key=lambda m: m["start_hour"])


def parameters(run: Any) -> list[dict[str, Any]]:
    """Every parameter with its value in this run and where the value comes from."""
    fitted, given = run.case.parameters, run.plan.settings
    out = []
    for name, mechanism in all_mechanisms().items():
        for info in mechanism.parameters():
            state, source = info.state, info.source
            if (entry := fitted.get(name, {}).get(info.name)) is not None:
                state, source = entry.state, entry.source
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
