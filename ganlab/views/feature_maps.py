"""What D's first convolution finds in a real and in a generated image: the feature maps that answer most."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ganlab.experiment import is_images
from ganlab.views.images import pixels
from ganlab.views.inputs import Moment, as_array
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View

MAPS = 3
JUDGED_BY = 16  # images of each kind, over which maps are compared
LARGEST = 32  # pixels a side; larger pictures are averaged down to this


def feature_maps(now: Moment, _: Logbook) -> Answer:
    """The first real and the first generated image, and the strongest maps of D's first convolution on both.

    A map's strength is its mean absolute value over 16 images of each kind. `images` (2, height, width, channels) and
    `maps` (2, maps, side, side) are bytes, 255 for the largest absolute value of a map in both images; `which` are the
    maps' numbers, `of` how many there are. Without a convolution, as in a dense D, there is nothing.
    """
    first = next(filter(_sees_a_neighbourhood, now.trainer.discriminator.modules()), None)
    if first is None:
        return {}
    real, fake = now.inputs.real[:JUDGED_BY], now.fake[:JUDGED_BY]
    classes = now.inputs.real_classes[:JUDGED_BY], now.inputs.asked.y[:JUDGED_BY]
    found: list[Tensor] = []
    hook = first.register_forward_hook(lambda _part, _given, answer: found.append(answer.detach().abs()))
    try:
        with torch.no_grad():
            for x, y in zip((real, fake), classes, strict=True):
                now.judge.respond(x, y)
    finally:
        hook.remove()
    of_real, of_fake = found
    which = (of_real + of_fake).mean((0, 2, 3)).topk(min(MAPS, of_real.shape[1])).indices
    maps = torch.stack([of_real[0], of_fake[0]])[:, which]
    maps = small(maps)
    shown = (255 * maps / maps.amax((0, 2, 3), keepdim=True).clamp_min(1e-12)).round().to(torch.uint8)
    return {
        "images": pixels(small(torch.stack([real[0], fake[0]]))),
        "maps": as_array(shown),
        "which": as_array(which).astype(np.int32),
        "of": of_real.shape[1],
    }


def small(pictures: Tensor) -> Tensor:
    """Pictures (n, channels, side, side) with at most 32 pixels a side."""
    return F.adaptive_avg_pool2d(pictures, LARGEST) if pictures.shape[-1] > LARGEST else pictures


def _sees_a_neighbourhood(part: nn.Module) -> bool:
    """Whether it is a convolution wider than a pixel: one of a single pixel only mixes channels."""
    return isinstance(part, nn.Conv2d) and part.kernel_size[0] > 1


VIEW = View("feature_maps", lambda e: e.model == "gan" and is_images(e), feature_maps, pages=frozenset())
