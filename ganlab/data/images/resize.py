"""Resizes images."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

CHUNK = 2048  # images resized together, so that the floats in between need little memory


def resize(pixels: Tensor, size: int) -> Tensor:
    """uint8 (n, channels, height, width) -> uint8 (n, channels, size, size), bilinear; smoothed when it shrinks."""
    if pixels.shape[-2:] == (size, size):
        return pixels
    resized = torch.empty(*pixels.shape[:2], size, size, dtype=torch.uint8)
    for source, target in zip(torch.split(pixels, CHUNK), torch.split(resized, CHUNK), strict=True):
        smooth = F.interpolate(source.float(), (size, size), mode="bilinear", align_corners=False, antialias=True)
        target.copy_(smooth.round_().clamp_(0, 255))
    return resized
