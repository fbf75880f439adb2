"""Every chart, once: functions of a run's history -> charts for notebook, page, report and paper."""

from .courses import curves, demands, harm, pressure
from .endings import endings
from .growth import reproduction
from .ladder import ladder
from .panels import panel
from .places import map_at, onset
from .regions import turnout_by_region
from .save import inline_svg, save
from .work import strikes

__all__ = [
    "curves", "demands", "endings", "harm", "inline_svg", "ladder", "map_at", "onset", "panel", "pressure",
    "reproduction", "save", "strikes", "turnout_by_region",
]  # fmt: skip
