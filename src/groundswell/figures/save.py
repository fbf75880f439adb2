"""Writes a chart as PNG or SVG with vl-convert: no browser and no network."""

from __future__ import annotations

import io
import re
import zlib
from pathlib import Path
from typing import Any

from .theme import BLUE, BORDER, GRID, INK, LAND, MUTED, RULE

PAGE_COLOURS = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    LAND: "land",
    BORDER: "border",
    RULE: "rule",
    BLUE: "curve",
}


def save(chart: Any, path: str | Path) -> Path:
    """Writes the chart; the ending of the path chooses the form (`.png` at twice the size, or `.svg`)."""
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in (".png", ".svg"):
        given = kind or "a file without ending"
        raise ValueError(f"{path.name}: a chart is saved as .png or .svg, not as {given}")
    path.parent.mkdir(parents=True, exist_ok=True)
    chart = chart.properties(background="white")
    if kind == ".png":
        with io.BytesIO() as drawn:
            chart.save(drawn, format="png", scale_factor=2)
            path.write_bytes(packed(drawn.getvalue()))
    else:
        path.write_text(svg_text(chart), encoding="utf-8")
    return path


def packed(png: bytes) -> bytes:
    """The same picture in about a quarter of the bytes: its data are deflated anew, as well as zlib can."""
    out, data, at = [png[:8]], b"", 8
    while at < len(png):
        end = at + 12 + int.from_bytes(png[at : at + 4], "big")
        kind, body = png[at + 4 : at + 8], png[at + 8 : end - 4]
        if kind == b"IDAT":
            data += body
        else:
            if kind == b"IEND":
                out.append(_chunk(b"IDAT", zlib.compress(zlib.decompress(data), 9)))
            out.append(_chunk(kind, body))
        at = end
    return b"".join(out)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def svg_text(chart: Any) -> str:
    """The chart as SVG; its parts were checked when they were made, so the whole is not checked again."""
    import altair as alt
    import vl_convert

    version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
    return str(vl_convert.vegalite_to_svg(chart.to_dict(validate=False), vl_version=version))


def inline_svg(chart: Any, prefix: str) -> str:
    """The chart as an SVG element for a page: own ids, page colours as CSS variables."""
    svg = re.sub(r"^.*?(?=<svg)", "", svg_text(chart), flags=re.S)
    svg = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", svg)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    svg = re.sub(r'(xlink:)?href="#([^"]+)"', rf'href="#{prefix}-\2"', svg)
    for colour, name in PAGE_COLOURS.items():
        svg = re.sub(rf'="{colour}"', f'="var(--{name})"', svg, flags=re.I)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
