"""What came of it: the recorded hours of a run, as arrays, as an xarray dataset, and what is read off them."""
