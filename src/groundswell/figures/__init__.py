"""Every chart, once: functions of a run's history -> charts for notebook, page, report and paper."""

from .courses import curves, demands, harm, pressure
from .growth import reproduction
from .places import map_at, onset
from .save import inline_svg, save
from .work import strikes

__all__ = ["curves", "demands", "harm", "inline_svg", "map_at", "onset", "pressure", "reproduction", "save", "strikes"]
