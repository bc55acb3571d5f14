"""What is shown of data that are images: samples of fixed latents beside real ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.training.probes.inputs import Moment

WALL = {100: 4, 64: 6, 32: 8, 28: 8, 16: 8, 8: 10}  # samples a side, by image size


def samples(moment: Moment) -> dict[str, Any]:
    """A wall of samples, always of the same latents, and a row of real images."""
    side = WALL[moment.trainer.spec.shape[-1]]
    fake = pixels(moment.samples[: side * side])
    real = pixels(moment.inputs.real[: 2 * side])
    _, height, width, channels = fake.shape
    return {
        "rows": side,
        "columns": side,
        "height": height,
        "width": width,
        "channels": channels,
        "pixels": fake,
        "real_pixels": real,
        "real_rows": 2,
        "real_columns": side,
    }


def pixels(images: Tensor) -> np.ndarray:
    """Images (n, channels, height, width) in [-1, 1] as bytes (n, height, width, channels)."""
    scaled = images.detach().nan_to_num(0.0).clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).contiguous().cpu().numpy()
