"""What the layers of both networks hold and find: weights of dense layers, feature maps of convolutions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ganlab.views.feature_maps import JUDGED_BY, small
from ganlab.views.inputs import Moment, as_array
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, is_dirac_game

MAPS = 3
MOST_WEIGHTS = 48  # rows and columns of them that are shown

Layer = nn.Linear | nn.Conv2d | nn.ConvTranspose2d


def of_g(now: Moment, _: Logbook) -> Answer:
    """G's `layers`, in the order in which they are used: see `_told`. Maps are of its first sample, among 16."""
    return {"layers": _layers(now.generator, [lambda: now.generator(now.inputs.latents[:JUDGED_BY])])}


def of_d(now: Moment, _: Logbook) -> Answer:
    """D's `layers` likewise. Maps are of the first real and the first generated sample, among 16 of each kind; of a
    VAE's encoder, which reads real ones alone, of the first real one.
    """
    inputs, trainer = now.inputs, now.trainer
    real = inputs.real[:JUDGED_BY]
    if trainer.experiment.model == "vae":
        uses: list[Callable[[], Any]] = [lambda: trainer.networks[trainer.partner](real)]
    else:
        uses = [
            lambda: now.judge.respond(real, inputs.real_classes[:JUDGED_BY]),
            lambda: now.judge.respond(now.fake[:JUDGED_BY], inputs.asked.y[:JUDGED_BY]),
        ]
    return {"layers": _layers(trainer.networks[trainer.partner], uses)}


@torch.no_grad()
def _layers(network: nn.Module, uses: list[Callable[[], Any]]) -> list[Answer]:
    """What is told of each dense or convolutional layer that all of these uses of the network call."""
    parts = {name: part for name, part in network.named_modules() if isinstance(part, Layer)}
    answers: list[dict[str, Tensor]] = []
    with ExitStack() as hooks:  # which copy what they see: activations that follow work in place
        for name, part in parts.items():
            hooks.enter_context(
                part.register_forward_hook(lambda _, __, y, name=name: answers[-1].update({name: y.abs()}))
            )
        for use in uses:
            answers.append({})
            use()
    return [_told(name, parts[name], [each[name] for each in answers]) for name in answers[0]]


def _told(name: str, part: Layer, answers: list[Tensor]) -> Answer:
    """Of a layer and the absolute values of its answers: its name, their size, how many numbers it learns, a picture.

    Of a dense layer, and of a convolution that answers a single pixel, `weights` (units, inputs) in bytes: 127 for 0,
    254 for the largest absolute value, 0 for that with a minus; of many, every k-th. Of other convolutions the
    strongest `maps` (samples, maps, side, side) in bytes: 255 for the largest absolute value of a map; `which` says
    which they are, `of` how many there are.
    """
    told: Answer = {
        "name": name,
        "size": list(answers[0].shape[1:]),
        "numbers": sum(p.numel() for p in part.parameters()),
    }
    if answers[0].dim() < 4 or answers[0].shape[-1] == 1:
        weight = part.weight.detach().flatten(1)
        shown = weight[:: _stride(len(weight)), :: _stride(weight.shape[1])]
        return told | {"weights": as_array((127 + 127 * _share(shown, shown.abs().max())).round().to(torch.uint8))}
    which = torch.cat(answers).mean((0, 2, 3)).topk(min(MAPS, answers[0].shape[1])).indices
    maps = small(torch.stack([answer[0, which] for answer in answers]))
    return told | {
        "maps": as_array((255 * _share(maps, maps.amax((0, 2, 3), keepdim=True))).round().to(torch.uint8)),
        "which": as_array(which).astype(np.int32),
        "of": answers[0].shape[1],
    }


def _stride(count: int) -> int:
    return -(-count // MOST_WEIGHTS)


def _share(values: Tensor, largest: Tensor) -> Tensor:
    """The values as shares of the largest, 0 where they are no numbers."""
    return (values / largest.clamp_min(1e-12)).nan_to_num(0.0, 0.0, 0.0).clamp(-1, 1)


VIEW = View(
    "layers",
    lambda e: not is_dirac_game(e),
    lambda now, book: {},
    parts={"g": of_g, "d": of_d},
    pages=frozenset(),
)
