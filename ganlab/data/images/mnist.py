"""Ten thousand of MNIST's handwritten digits, 28x28 pixels, which come with GanLab: no download is needed.

LeCun, Bottou, Bengio and Haffner 1998, Gradient-based learning applied to document recognition. `mnist_10k.txt` beside
this file says where the images are from and under which licence.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from ganlab.data.base import Collection, DataSpec
from ganlab.data.images.resize import resize

OWN_SIZE = 28
LICENCE = "MNIST by LeCun, Cortes and Burges, CC BY-SA 3.0"
FILE = Path(__file__).with_name("mnist_10k.npz")


def mnist_10k(size: int = OWN_SIZE) -> Collection:
    """The digits at size x size pixels, bytes, 0 for paper and 255 for ink, sorted by class; resized bilinearly."""
    with np.load(FILE, allow_pickle=False) as file:
        images, classes = torch.from_numpy(file["images"]), torch.from_numpy(file["classes"])
    pixels = resize(images[:, None], size)
    spec = DataSpec((1, size, size), len(pixels), extent=1.0, labels=tuple("0123456789"))
    return Collection(spec, pixels, classes.long())
