"""Layers through which D sees how alike the samples of a batch are.

What they add to one sample depends on the others of its batch. In eval mode it must not, or D's score of a point
would depend on what else was asked: there they compare with what was kept from the batches of training, real and
generated ones alike.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from ganlab.experiment.choices import Minibatch
from ganlab.game.notes import Note

REFERENCES = 64  # features kept to compare with in eval mode ...
FROM_EACH = 16  # ... so many of them from each of the latest batches
MOMENTUM = 0.1  # of the running statistic, as in BatchNorm


class MinibatchStdDev(nn.Module):
    """Appends one feature: the standard deviation over the batch, averaged over features (Karras et al. 2018).

    (batch, features, ...) -> (batch, features + 1, ...). In eval mode it is a running average over training batches.
    """

    running: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("running", torch.zeros(()))

    def forward(self, x: Tensor) -> Tensor:
        statistic = self.running
        if self.training:
            statistic = (x.var(dim=0, correction=0) + 1e-8).sqrt().mean()
            with torch.no_grad():
                self.running.lerp_(statistic.to(self.running), MOMENTUM)
        return torch.cat([x, statistic.expand(len(x), 1, *x.shape[2:])], dim=1)


class MinibatchDiscrimination(nn.Module):
    """Appends how near the other samples lie, in several learnt projections (Salimans et al. 2016, section 3.2).

    (batch, inputs) -> (batch, inputs + kernels). For sample i and kernel b: the mean over the other samples j of
    exp(-|M_ib - M_jb|_1), where M = T f(x); the mean, not the paper's sum, so that the batch size does not matter.
    In eval mode the others are a reference batch: features of the latest training batches.
    """

    reference: Tensor

    def __init__(self, inputs: int, kernels: int = 16, dimensions: int = 4) -> None:
        super().__init__()
        self.projection = nn.Linear(inputs, kernels * dimensions, bias=False)
        self.shape = (kernels, dimensions)
        self.register_buffer("reference", torch.zeros(REFERENCES, kernels * dimensions))

    def forward(self, x: Tensor) -> Tensor:
        M = self.projection(x)
        if self.training:
            with torch.no_grad():
                self.reference.copy_(torch.cat([self.reference, M[:FROM_EACH]])[-REFERENCES:])
            alike = self.closeness(M, M)
            near = (alike.sum(dim=1) - 1) / max(len(x) - 1, 1)  # without the sample itself, whose closeness is 1
        else:
            near = self.closeness(M, self.reference).mean(dim=1)
        return torch.cat([x, near], dim=1)

    def closeness(self, M: Tensor, others: Tensor) -> Tensor:
        """exp(-|M_ib - M_jb|_1), (batch, others, kernels)."""
        M, others = M.view(-1, 1, *self.shape), others.view(1, -1, *self.shape)
        return torch.exp(-(M - others).abs().sum(dim=3))


def minibatch_layer(name: Minibatch, width: int) -> tuple[list[nn.Module], int]:
    """The layer of that name (or none) after `width` dense features, and how many features come out."""
    match name:
        case "none":
            return [], width
        case "stddev":
            return [MinibatchStdDev()], width + 1
        case "discrimination":
            return [layer := MinibatchDiscrimination(width)], width + layer.shape[0]


MINIBATCH: Mapping[str, Note] = {
    "d_minibatch:stddev": Note(
        label="Minibatch standard deviation",
        formula=r"f(x_i) \mapsto \left(f(x_i), \; \tfrac1F \textstyle\sum_k \operatorname{std}_j f_k(x_j)\right)",
        reference="Karras et al. 2018, Progressive Growing of GANs, section 3",
        intuition="D is told how much the samples of its batch vary. If they vary too little, D notices the collapse.",
        functions=(MinibatchStdDev,),
    ),
    "d_minibatch:discrimination": Note(
        label="Minibatch discrimination",
        formula=r"f(x_i) \mapsto (f(x_i), o_i), \quad o_{ib} = \tfrac{1}{n-1} \textstyle\sum_{j \ne i} "
        r"e^{-\lVert M_{ib} - M_{jb} \rVert_1}, \quad M_i = T f(x_i)",
        reference="Salimans et al. 2016, Improved Techniques for Training GANs, section 3.2",
        intuition="D is told how near each sample is to the rest of its batch, in projections that D learns.",
        functions=(MinibatchDiscrimination,),
    ),
}
