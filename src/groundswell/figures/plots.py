"""The charts of one run as methods: `run.plot.curves()` and its like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from groundswell import figures

if TYPE_CHECKING:
    import xarray as xr


class Plots:
    """Charts of a history; each returns an `altair.Chart` that shows itself in a notebook."""

    def __init__(
        self,
        history: xr.Dataset,
        offset_h: float,
        outlines: Mapping[str, Sequence[np.ndarray]],
        region_names: Mapping[str, str],
    ):
        self._history, self._offset_h, self._outlines, self._names = history, offset_h, outlines, region_names

    def curves(self, **options: Any) -> Any:
        """People on the street over time, in the country and by region."""
        return figures.curves(self._history, offset_h=self._offset_h, region_names=self._names, **options)

    def map(self, hour: int | None = None, **options: Any) -> Any:
        """Map of people on the street at the end of an hour (index of `time`); the peak if left out."""
        if hour is None:
            hour = int(self._history.on_street.sum("place").values.argmax())
        return figures.map_at(self._history, self._outlines, hour, offset_h=self._offset_h, **options)

    def onset(self, **options: Any) -> Any:
        """First hour with a crowd, place by place."""
        return figures.onset(self._history, offset_h=self._offset_h, region_names=self._names, **options)

    def strikes(self, **options: Any) -> Any:
        """Share on strike by enterprise."""
        return figures.strikes(self._history, offset_h=self._offset_h, **options)

    def demands(self, **options: Any) -> Any:
        """Shares of demands over time."""
        return figures.demands(self._history, offset_h=self._offset_h, **options)

    def pressure(self, **options: Any) -> Any:
        """Stored pressure by livelihood."""
        return figures.pressure(self._history, offset_h=self._offset_h, **options)

    def harm(self, **options: Any) -> Any:
        """Arrested, held, injured, dead."""
        return figures.harm(self._history, offset_h=self._offset_h, **options)

    def ladder(self, measures: Sequence[Mapping[str, Any]] = (), **options: Any) -> Any:
        """Measures as bars under the turnout curve; see `figures.ladder`."""
        return figures.ladder(self._history, measures, offset_h=self._offset_h, **options)

    def turnout_by_region(self, chronology: Sequence[Mapping[str, Any]] = (), **options: Any) -> Any:
        """People on the street by region and hour, with the windows of statements such as `run.chronology()`."""
        return figures.turnout_by_region(
            self._history, chronology, offset_h=self._offset_h, region_names=self._names, **options
        )

    def reproduction(self, **options: Any) -> Any:
        """Reproduction number by day."""
        return figures.reproduction(self._history, offset_h=self._offset_h, **options)
