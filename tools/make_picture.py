"""Makes the picture of the README from a run of kazakhstan-2022: python tools/make_picture.py [--out docs/images]."""

from __future__ import annotations

import argparse
from pathlib import Path

import groundswell as gs
from groundswell.figures import save


def main() -> None:
    """Play seed 1 and draw the hour of the peak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    run = gs.run("kazakhstan-2022", seed=1)
    save(run.plot.map(), out / "kazakhstan-2022.png")
    save(run.plot.curves(), out / "kazakhstan-2022-curves.png")


if __name__ == "__main__":
    main()
