"""The command `calibrate`: seeks the parameters under which runs come near what the record says."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from groundswell.play.options import CalibrateOptions

AS_USUAL = CalibrateOptions()


def calibrate(case: str, *, options: Annotated[CalibrateOptions, Parameter(name="*")] = AS_USUAL) -> int:
    """Fit the free parameters of a case to what its record says, and write weighted draws of them.

    Parameters
    ----------
    case
        Name of a bundled case, or a folder.
    """
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
