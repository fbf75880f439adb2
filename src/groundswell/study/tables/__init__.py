"""The reference table: which runs a comparison needs, played in batches by any number of workers, and kept."""
