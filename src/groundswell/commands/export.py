"""The command `export`: a finished run for other programs."""

from __future__ import annotations

import json
from pathlib import Path

from groundswell.play.options import Many


def export(
    folder: Path, *, format: str = "csv", variable: Many = (), time: str | None = None, out: Path | None = None
) -> None:
    """Write the history of a finished run as CSV tables, GeoJSON points or NetCDF.

    Parameters
    ----------
    folder
        Folder of a finished run.
    format
        csv (a folder of tables, one for each set of dimensions), geojson (places with what came of them) or netcdf.
    variable
        Variables of the history that are wanted, for csv and netcdf; all if left out.
    time
        For geojson: ISO time up to which is counted; without a zone it is read in the case's own. The end if left out.
    out
        File or folder to write; by default one of the run's name in this folder. What is there is not replaced.
    """
    from groundswell.files import as_text, whole
    from groundswell.history import export as history_export
    from groundswell.play.opened import exported

    run, out, hour = exported(folder, format, variable, time, out)
    with whole(out, folder=format == "csv") as part:
        if format == "csv":
            for name, table in history_export.tables(run.history, variable).items():
                texts = table.select_dtypes(include=["object", "string"]).columns
                plain = table.assign(
                    **{c: table[c].map(lambda v: as_text(v) if isinstance(v, str) else v) for c in texts}
                )
                plain.to_csv(part / f"{name}.csv", index=False)
        elif format == "geojson":
            part.write_text(json.dumps(history_export.geojson(run.history, hour), indent=1) + "\n", encoding="utf-8")
        else:
            history = run.history[list(variable)] if variable else run.history
            history_export.netcdf(history, part)
    print(f"{out}: {format} of {run.title}, version {run.summary['version']}, digest {run.summary['digest'][:16]}")
