"""Records made of other data sets: ACLED exports, extracts of UCDP GED, plain files of claims."""
