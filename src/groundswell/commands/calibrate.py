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
        print its entry for parameters.toml; --install writes it there. No other option goes with it.
    """
    if quiet:
        return _quiet(case, options)
    from groundswell.study.calibration.calibrating import install
    from groundswell.study.calibration.request import CalibrateRequest, perform, plan, words

    request = CalibrateRequest(case, **vars(options))
    folder, design = plan(request)
    made = perform(request, folder, design)
    print(words(folder, design, made))
    if options.install:
        for path in install(folder, design.case.folder):
            print(f"  written: {path}")
    return 0


def _quiet(case: str, options: CalibrateOptions) -> int:
    from groundswell.case import CaseError, Problem, load
    from groundswell.case.problems import Found
    from groundswell.study.calibration.quiet import entry_of, put, quiet_theta, read_quiet

    given = [f"--{k.replace('_', '-')}" for k, v in vars(options).items() if k != "install" and v != vars(AS_USUAL)[k]]
    if given:
        raise CaseError(
            [Problem("--quiet", None, "options", Found(", ".join(given)), "--install alone beside --quiet")]
        )
    loaded = load(case)
    known = read_quiet(loaded)
    entry = entry_of(loaded, known, quiet_theta(loaded, known))
    print(entry)
    if options.install:
        print(f"  written: {put(loaded.folder, entry)}")
    return 0
