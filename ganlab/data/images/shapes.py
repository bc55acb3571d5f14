"""Coloured shapes on plain ground, drawn here from a seed: what varies in them is known exactly."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from ganlab.data.base import Collection, DataSpec

Array = NDArray[np.floating]

OWN_SIZE = 32
COUNT = 4096
SEED = 20140610  # the day "Generative Adversarial Nets" was posted
CHUNK = 256  # images drawn together: little enough to stay in the processor's cache

RED, ORANGE, YELLOW = (0.90, 0.16, 0.16), (0.98, 0.60, 0.10), (0.97, 0.86, 0.20)
GREEN, BLUE, VIOLET = (0.20, 0.70, 0.30), (0.15, 0.45, 0.90), (0.60, 0.25, 0.80)
COLOURS = np.array([RED, ORANGE, YELLOW, GREEN, BLUE, VIOLET], dtype=np.float32)
GROUNDS = np.array([(0.96, 0.95, 0.92), (0.13, 0.14, 0.18)], dtype=np.float32)  # light, dark


def circle(x: Array, y: Array) -> Array:
    """Signed distance to a circle of radius 1: negative inside, like all the distances below."""
    return np.hypot(x, y) - 1


def ring(x: Array, y: Array) -> Array:
    """Signed distance to a ring between the radii 0.5 and 1."""
    return np.abs(np.hypot(x, y) - 0.75) - 0.25


def square(x: Array, y: Array) -> Array:
    """Signed distance to a square with its corners on the unit circle, measured straight to its sides."""
    return np.maximum(np.abs(x), np.abs(y)) - math.sqrt(0.5)


def triangle(x: Array, y: Array) -> Array:
    """Signed distance to an equilateral triangle with its corners on the unit circle, straight to its sides."""
    slope = math.sqrt(3) / 2
    return np.maximum(np.abs(x) * slope + y * 0.5, -y) - 0.5


def star(x: Array, y: Array) -> Array:
    """Signed distance to a five-pointed star with its tips on the unit circle, straight to its sides."""
    point = 2 * math.pi / 5
    angle = np.abs((np.arctan2(x, y) + point / 2) % point - point / 2)  # every side is folded onto one
    radius = np.hypot(x, y)
    inner = 0.45 * np.exp(1j * point / 2)
    side = inner - 1  # from the tip at 1 to the notch
    normal = -1j * side / abs(side)
    return (radius * np.cos(angle) - 1) * np.float32(normal.real) + radius * np.sin(angle) * np.float32(normal.imag)


SHAPES: Mapping[str, Callable[[Array, Array], Array]] = {
    "circle": circle,
    "square": square,
    "triangle": triangle,
    "star": star,
    "ring": ring,
}


def shapes(size: int = OWN_SIZE, count: int = COUNT, seed: int = SEED) -> Collection:
    """`count` images of size x size pixels, RGB: shape, colour, ground, size, place and turn all vary."""
    rng = np.random.default_rng(seed)
    kinds = rng.integers(len(SHAPES), size=count)
    radius = rng.uniform(0.20, 0.38, count).astype(np.float32)  # of the image's side
    room = 0.44 - radius  # the shape, its soft edge included, never touches the border
    x0 = (0.5 + rng.uniform(-1, 1, count) * room).astype(np.float32)
    y0 = (0.5 + rng.uniform(-1, 1, count) * room).astype(np.float32)
    turn = rng.uniform(-math.pi / 8, math.pi / 8, count).astype(np.float32)
    tint = rng.uniform(-0.06, 0.06, (count, 3)).astype(np.float32)
    colour = (COLOURS[rng.integers(len(COLOURS), size=count)] + tint).clip(0, 1)
    ground = GROUNDS[rng.integers(len(GROUNDS), size=count)]

    pixels = np.empty((count, 3, size, size), dtype=np.uint8)
    for kind, distance in enumerate(SHAPES.values()):
        members = np.flatnonzero(kinds == kind)
        for some in np.array_split(members, math.ceil(len(members) / CHUNK) or 1):
            cover = _cover(distance, size, x0[some], y0[some], radius[some], turn[some])[:, None]
            below, above = ground[some, :, None, None], colour[some, :, None, None]
            pixels[some] = np.rint(255 * (below + cover * (above - below)))
    spec = DataSpec((3, size, size), count, extent=1.0, labels=tuple(SHAPES))
    return Collection(spec, torch.from_numpy(pixels), torch.from_numpy(kinds))


def _cover(
    distance: Callable[[Array, Array], Array], size: int, x0: Array, y0: Array, radius: Array, turn: Array
) -> Array:
    """How much of each pixel the shape covers, (n, size, size), from the distance of its edge to the middle."""
    middle = ((np.arange(size) + 0.5) / size).astype(np.float32)
    x = (middle[None, None, :] - x0[:, None, None]) / radius[:, None, None]
    y = (y0[:, None, None] - middle[None, :, None]) / radius[:, None, None]  # rows run downwards
    cos, sin = np.cos(turn)[:, None, None], np.sin(turn)[:, None, None]
    in_pixels = distance(cos * x + sin * y, cos * y - sin * x) * (radius * size)[:, None, None]
    cover: Array = np.clip(0.5 - in_pixels, 0, 1)
    return cover
