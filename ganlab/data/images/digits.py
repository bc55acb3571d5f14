"""Handwritten digits: the 1,797 that come with scikit-learn, 8x8 pixels, written by 13 people.

Alpaydin and Kaynak 1998, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F

from ganlab.data.base import Collection, DataSpec

OWN_SIZE = 8
INK = 16  # the darkest a pixel can be


def digits(size: int = OWN_SIZE) -> Collection:
    """The digits at size x size pixels, -1 for paper and 1 for ink; enlarged bilinearly."""
    from sklearn.datasets import load_digits  # takes half a second, for which points need not wait

    table = load_digits()
    images = torch.tensor(table.images, dtype=torch.float32).unsqueeze(1).div_(INK / 2).sub_(1)
    if size != OWN_SIZE:
        images = F.interpolate(images, size=(size, size), mode="bilinear", align_corners=False)
    spec = DataSpec((1, size, size), len(images), extent=1.0, labels=tuple("0123456789"))
    return Collection(spec, images, torch.tensor(table.target, dtype=torch.int64))
