"""Steps that turn published tables of Kazakhstan into the case folder kazakhstan-2022."""
