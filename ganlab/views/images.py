"""What is shown of data that are images: samples of fixed latents beside real ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from ganlab.experiment.codes import class_count
from ganlab.views.inputs import Moment


def samples(moment: Moment) -> dict[str, Any]:
    """A wall of samples, always of the same latents, and two rows of real images.

    Where G is asked for classes, each has a row, and a column shares its noise.
    """
    rows, columns = moment.inputs.wall
    fake = pixels(moment.samples[: rows * columns])
    real = pixels(moment.inputs.real[: 2 * columns])
    _, height, width, channels = fake.shape
    conditional = class_count(moment.trainer.experiment) > 0
    return {
        "rows": rows,
        "columns": columns,
        "labels": moment.trainer.spec.labels if conditional else (),
        "height": height,
        "width": width,
        "channels": channels,
        "pixels": fake,
        "real_pixels": real,
        "real_rows": 2,
        "real_columns": columns,
    }


def pixels(images: Tensor) -> np.ndarray:
    """Images (n, channels, height, width) in [-1, 1] as bytes (n, height, width, channels)."""
    scaled = images.detach().nan_to_num(0.0).clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).contiguous().cpu().numpy()
