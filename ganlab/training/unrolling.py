"""A look ahead: D as it would be after a few more of its own updates (Metz et al. 2017)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.func import functional_call

from ganlab.game.notes import Note
from ganlab.networks import Discriminator
from ganlab.networks.conditional import FixedClassDiscriminator
from ganlab.training.objective import Respond


class Responses(nn.Module):
    """D's `respond` as a module's forward pass: only that can be lent other weights."""

    def __init__(self, D: Discriminator | FixedClassDiscriminator) -> None:
        super().__init__()
        self.D = D

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return self.D.respond(x)


def unrolled(
    D: Discriminator | FixedClassDiscriminator,
    loss_d: Callable[[Tensor, Tensor], Tensor],
    real: Tensor,
    fake: Tensor,
    steps: int,
    lr: float,
) -> Respond:
    """D's responses after `steps` more gradient steps on its loss: w <- w - lr dL_D / dw (Metz et al. 2017).

    The steps stay in the graph, so that G's gradient takes into account how D would answer. D's own weights and
    buffers are left as they are; its penalties are not part of the look ahead.
    """
    D_ = Responses(D)
    weights: dict[str, Tensor] = dict(D_.named_parameters())
    buffers = {name: value.clone() for name, value in D_.named_buffers()}

    def respond(x: Tensor) -> tuple[Tensor, Tensor]:
        responses: tuple[Tensor, Tensor] = functional_call(D_, {**weights, **buffers}, x)
        return responses

    for _ in range(steps):
        loss = loss_d(respond(real)[0], respond(fake)[0])
        named = list(weights.values())  # heads that name classes and codes have no part in this loss: slope 0
        slopes = torch.autograd.grad(loss, named, create_graph=True, allow_unused=True, materialize_grads=True)
        weights = {name: w - lr * slope for (name, w), slope in zip(weights.items(), slopes, strict=True)}
    return respond


UNROLLING: Mapping[str, Note] = {
    "unroll_steps": Note(
        label="Unrolled discriminator",
        formula=r"L_G(\theta_G, w_K), \quad w_{k+1} = w_k - \eta \nabla_w L_D(\theta_G, w_k), \quad w_0 = w",
        reference="Metz et al. 2017, Unrolled Generative Adversarial Networks, section 2",
        intuition="G plays against D's answer to its move, not against D as it is now. So putting all samples on one "
        "mode no longer pays.",
        functions=(unrolled,),
    )
}
