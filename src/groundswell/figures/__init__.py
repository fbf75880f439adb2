"""Every chart, once: functions of a run's history -> charts for notebook, page, report and paper."""

from .courses import curves, demands, harm, pressure, reproduction
from .heat import endings
from .map import map_at
from .panels import panel
from .save import inline_svg, save
from .timelines import ladder, onset, strikes, turnout_by_region

__all__ = [
    "curves", "demands", "endings", "harm", "inline_svg", "ladder", "map_at", "onset", "panel", "pressure",
    "reproduction", "save", "strikes", "turnout_by_region",
]  # fmt: skip
