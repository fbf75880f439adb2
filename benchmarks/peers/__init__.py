"""One file for each program that does the work of `streets`."""
