"""Small still pictures of data, drawn by the page itself."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from ganlab.live.colours import COLOURS

SIDE = 300  # of the picture of points, in its own units
MOST_SHOWN = 3000  # points; more would only cost time
BARS = 40
TILES = (6, 8)  # rows and columns of images
GAP = 2


def show_points(values: NDArray[np.floating]) -> None:
    """Points (n, 2) as a scatter plot with equal axes, or (n, 1) as a histogram."""
    dark = st.context.theme.type == "dark"
    colour = COLOURS["dark" if dark else "light"]["real"]
    shapes = _bars(values[:, 0]) if values.shape[1] == 1 else _dots(values)
    frame = f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="#8888"/>'
    size = f'width="{SIDE}" height="{SIDE}"'
    st.image(f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="{colour}">{frame}{shapes}</svg>', width="content")


def _dots(values: NDArray[np.floating]) -> str:
    shown = values[:: max(1, len(values) // MOST_SHOWN)]
    middle = (values.min(axis=0) + values.max(axis=0)) / 2
    reach = float(np.ptp(values, axis=0).max()) or 1.0
    places = ((shown - middle) / reach * 0.92 + 0.5) * SIDE
    return "".join(f'<circle cx="{x:.1f}" cy="{SIDE - y:.1f}" r="1.6"/>' for x, y in places)


def _bars(values: NDArray[np.floating]) -> str:
    counts, _ = np.histogram(values, BARS)
    heights, width = counts / counts.max() * SIDE * 0.92, SIDE / BARS
    return "".join(
        f'<rect x="{i * width:.1f}" y="{SIDE - h:.1f}" width="{width - 1:.1f}" height="{h:.1f}"/>'
        for i, h in enumerate(heights)
    )


def show_images(images: NDArray[np.uint8]) -> None:
    """The first of some images (n, channels, height, width), in a grid."""
    rows, columns = TILES
    shown = images[: rows * columns].transpose(0, 2, 3, 1)
    height, width = shown.shape[1] + GAP, shown.shape[2] + GAP
    rows = -(-len(shown) // columns)
    sheet = np.zeros((rows * height - GAP, columns * width - GAP, 4), np.uint8)  # see-through between the images
    for i, image in enumerate(shown):
        top, left = i // columns * height, i % columns * width
        sheet[top : top + height - GAP, left : left + width - GAP, :3] = image
        sheet[top : top + height - GAP, left : left + width - GAP, 3] = 255
    st.image(sheet, width="content")
