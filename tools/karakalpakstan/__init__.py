"""Parts of the builder of the case karakalpakstan-2022."""
