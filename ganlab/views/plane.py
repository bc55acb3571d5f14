"""The plane of data that are points in two dimensions, with samples, scores and gradients."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.experiment.codes import class_count
from ganlab.views.drawing import drawing_of
from ganlab.views.inputs import Moment, as_array, generate
from ganlab.views.logbook import Logbook
from ganlab.views.reconstruction import reconstructed
from ganlab.views.view import Answer, View, Wire

SURFACE = 64  # D's scores are shown on a grid of this many cells a side
AT_ONCE = 1024  # points of the grid that D judges together: what it works out of them then fits a processor's cache
ARROWS = 160
WARP = 15  # lines of the bent grid


def plane(now: Moment, _: Logbook) -> Answer:
    """Real and generated points, and what D, or an encoder, makes of them.

    `groups` says of each generated point which class, or which code, was asked for; `parts` names what else there is
    for whoever asks.
    """
    if now.trainer.experiment.model == "vae":
        return _clouds(now) | {"reconstructed": as_array(reconstructed(now, now.inputs.real)), "parts": ("warp",)}
    return _clouds(now) | _judged(now) | {"parts": ("warp", "arrows")}


def _clouds(now: Moment) -> Answer:
    """Real and generated points."""
    spec = now.trainer.spec
    return {
        "extent": spec.extent,
        "units": now.units,
        "real": as_array(now.inputs.real),
        "fake": as_array(now.fake),
        "groups": _groups(now),
        "labels": spec.labels if class_count(now.trainer.experiment) else (),
        "centres": None if spec.centres is None else spec.centres.astype(np.float32),
    }


def _judged(now: Moment) -> Answer:
    """D's scores over the plane.

    A D that judges packs is asked about copies of each point, one that is told classes about the class that suits
    each best: see `Judge`.
    """
    spec, loss = now.trainer.spec, now.trainer.loss
    axis = torch.linspace(-spec.extent, spec.extent, SURFACE, device=now.trainer.device)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    with torch.no_grad():
        cells = torch.stack([x.flatten(), y.flatten()], 1)
        logits = [now.judge(part) for part in torch.split(cells, AT_ONCE)]
        surface = loss.score(torch.cat(logits)).view(SURFACE, SURFACE)
    return {
        "surface": as_array(surface),
        "level": now.boundary,
    }


def warp(now: Moment, _: Logbook) -> Answer:
    """G as a bent grid: where it puts a square grid of latents that reaches `warp_reach` far from 0."""
    return {"warp": as_array(_bent_grid(now)), "warp_reach": _reach(now.trainer.experiment)}


def arrows(now: Moment, _: Logbook) -> Answer:
    """Where G's loss pulls its points; nothing where no D judges them."""
    if now.trainer.experiment.model == "vae":
        return {}
    fake, y = now.fake[:ARROWS], now.inputs.asked.y[:ARROWS]
    return {"arrows_from": as_array(fake), "arrows": as_array(pull(now, fake, y, now.trainer.loss.g))}


def _groups(now: Moment) -> np.ndarray | None:
    """The class, or else the categorical code, that each generated point was made from, (n,); None without either."""
    y, category = now.inputs.asked.y, now.inputs.asked.category
    if not y.shape[1] and not category.shape[1]:
        return None
    return as_array((y if y.shape[1] else category)[: len(now.fake)].argmax(1).to(torch.uint8))


def pull(now: Moment, fake: Tensor, y: Tensor, loss_of_g: Callable[[Tensor, Tensor | None], Tensor]) -> Tensor:
    """Minus the gradient of a loss of G, a function of logits, at each generated point, (n, dimension).

    G's other terms are left out. The mean over the batch is undone, so an arrow does not depend on how many are drawn.
    Of D's packs, all the copies of a point move together.
    """
    fake = fake.detach().requires_grad_()
    real_logits = now.responses[0][0][: len(fake)] if now.trainer.loss.uses_real else None
    value = loss_of_g(now.judge(fake, y), real_logits) * len(fake)
    return -torch.autograd.grad(value, fake)[0]


def _reach(e: Experiment) -> float:
    """How far the square grid of latents reaches from 0: there most of them are."""
    return 2.0 if e.latent_distribution == "normal" else 1.0


def _bent_grid(now: Moment) -> Tensor:
    """Where G puts a square grid of latents, (k, k, 2): two coordinates vary, the others are 0.

    With a latent of one dimension the grid is a line, (k, 1, 2). Class and codes are those of the first sample.
    """
    e = now.trainer.experiment
    axis = torch.linspace(-_reach(e), _reach(e), WARP, device=now.trainer.device)
    columns = axis if e.latent_dim > 1 else axis[:1]
    latents = now.inputs.latents[0].repeat(WARP, len(columns), 1)
    latents[..., : e.latent_dim] = 0
    latents[..., 0] = axis[:, None]
    if e.latent_dim > 1:
        latents[..., 1] = columns[None, :]
    return generate(now.generator, latents.flatten(0, 1)).view(WARP, len(columns), 2)


ON_AXES = ("real", "fake", "arrows_from", "arrows", "warp", "reconstructed")
VIEW = View(
    "plane",
    lambda e: drawing_of(e) == "plane",
    plane,
    Wire(bits={"surface": 8, **dict.fromkeys(ON_AXES, 16)}),
    parts={"warp": warp, "arrows": arrows},
    pages=frozenset({"train", "model"}),
    place=0,
    node="d",
)
