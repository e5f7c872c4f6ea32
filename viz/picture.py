"""A picture for print: the server's own SVG as PNG, with the fonts that are shipped: the same on every machine."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import Final

import resvg_py

#: Pixels across: 300 dots per inch over 20 cm, the width of a newspaper's picture.
PRINT_WIDTH: Final = 2400

_FONTS: Final = ("inter-latin-400", "inter-latin-600", "inter-latin-ext-400", "inter-latin-ext-600")


def png(svg: str, width: int = PRINT_WIDTH) -> bytes:
    """The PNG of an SVG, `width` pixels across. Raises :class:`ValueError` for what is no SVG."""
    with as_file(files("viz").joinpath("fonts")) as folder:
        return resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            skip_system_fonts=True,
            font_files=[str(folder / f"{name}.ttf") for name in _FONTS],
            sans_serif_family="Inter",
            font_family="Inter",
        )
