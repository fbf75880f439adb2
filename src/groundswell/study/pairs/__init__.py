"""Claims put to the test by pairs of runs that differ in one change."""
