"""The command `calibrate`: seeks the parameters under which runs come near what the record says."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from groundswell.play.options import CalibrateOptions

AS_USUAL = CalibrateOptions()


def calibrate(
    case: str,
    *,
    quiet: Annotated[bool, Parameter(negative="")] = False,
    options: Annotated[CalibrateOptions, Parameter(name="*")] = AS_USUAL,
) -> int:
    """Fit the free parameters of a case to what its record says, and write weighted draws of them.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    quiet
        Fit the threshold of joining alone, to the rate of protest in an ordinary month (calibration/quiet.toml), and
        print its entry for parameters.toml; --install writes it there. No other option is looked at.
    """
    if quiet:
        return _quiet(case, options.install)
    from groundswell.calibration.calibrating import install
    from groundswell.calibration.request import CalibrateRequest, perform, plan, words

    request = CalibrateRequest(case, **vars(options))
    folder, design = plan(request)
    made = perform(request, folder, design)
    print(words(folder, design, made))
    if options.install:
        for path in install(folder, design.case.folder):
            print(f"  written: {path}")
    return 0


def _quiet(case: str, install: bool) -> int:
    from groundswell.calibration.quiet import entry_of, put, quiet_theta, read_quiet
    from groundswell.case import load

    loaded = load(case)
    known = read_quiet(loaded)
    entry = entry_of(loaded, known, quiet_theta(loaded, known))
    print(entry)
    if install:
        print(f"  written: {put(loaded.folder, entry)}")
    return 0
