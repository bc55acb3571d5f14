"""Images as they are sent: bytes, in rows and columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor


def pixels(images: Tensor) -> np.ndarray:
    """Images (n, channels, height, width) in [-1, 1] as bytes (n, height, width, channels)."""
    scaled = images.detach().nan_to_num(0.0).clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).contiguous().cpu().numpy()


def mosaic(images: Tensor, rows: int, columns: int) -> dict[str, Any]:
    """Images (rows * columns, channels, height, width) in [-1, 1], and all that a browser must know to place them."""
    shown = pixels(images)
    _, height, width, channels = shown.shape
    size = {"height": height, "width": width, "channels": channels}
    return {"rows": rows, "columns": columns, **size, "pixels": shown}


def strip(name: str, images: Tensor, rows: int, columns: int) -> dict[str, Any]:
    """More images of the same size beside a mosaic, under a name of their own."""
    return {f"{name}_rows": rows, f"{name}_columns": columns, f"{name}_pixels": pixels(images)}
