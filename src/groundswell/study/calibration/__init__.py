"""Calibration: which vectors of free parameters make runs that come near what the record says, as weighted draws."""
