"""Commands with commands of their own; each is an app that `cli` puts under its name."""
