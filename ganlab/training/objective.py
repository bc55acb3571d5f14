"""What the players minimise beside the game's loss: the terms that an Experiment switches on."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ganlab.experiment import Experiment
from ganlab.experiment.loss import CosineOf
from ganlab.game import penalties
from ganlab.game.losses import Loss, chosen
from ganlab.game.terms import COSINES, feature_matching, top_k

Responses = tuple[Tensor, Tensor]  # D's logits (batch,) and features (batch, ...)
Respond = Callable[[Tensor], Responses]


def gradient_penalties(
    e: Experiment, D: penalties.Discriminator, real: Tensor, fake: Tensor, rng: torch.Generator
) -> list[Tensor]:
    """Each penalty on D's slope that is switched on, times its weight."""
    given = {"real": real, "fake": fake, "rng": rng}
    terms = []
    for name, penalty in penalties.GRADIENT_PENALTIES.items():
        if (weight := getattr(e, name)) > 0:
            value = penalty.function(D, *(given[argument] for argument in penalty.takes))
            terms.append(penalty.factor * weight * value)
    return terms


def depends_on_answers_alone(e: Experiment) -> bool:
    """Whether both losses depend on the weights only through what the networks answer to the batches.

    Not if a slope of D is in them, the gradients of both, the weights themselves, or a mistake.
    """
    beside = (*penalties.GRADIENT_PENALTIES, "consensus_weight", "history_weight")
    return e.model == "gan" and e.mistake == "none" and not any(getattr(e, name) > 0 for name in beside)


def reads_real(e: Experiment, loss: Loss) -> bool:
    """Whether G's objective needs D's responses to real samples, not to generated ones alone."""
    return loss.uses_real or e.feature_matching > 0 or e.cosine_weight > 0


def cosine_of(responses: CosineOf, loss: Loss, real: Responses, fake: Responses) -> Tensor:
    """The cosine of D's responses to a real and to a generated batch: of its scores or of its features."""
    if responses == "features":
        return COSINES[responses](real[1], fake[1])
    return COSINES[responses](loss.score(real[0]), loss.score(fake[0]))


def generator_objective(
    e: Experiment, loss: Loss, real_responses: Responses, fake_responses: Responses
) -> tuple[Tensor, Tensor]:
    """G's adversarial loss, and the sum of it and its terms, which G minimises."""
    (real_logits, real_features), (fake_logits, fake_features) = real_responses, fake_responses
    played = fake_logits, real_logits
    if e.top_k < 1:
        kept = top_k(fake_logits, e.top_k)
        played = fake_logits[kept], real_logits[kept]
    adversarial = loss.g(*played, **chosen(loss.options_g, e))

    terms = []
    if e.feature_matching > 0:
        terms.append(e.feature_matching * feature_matching(real_features, fake_features))
    if e.cosine_weight > 0:
        cosine = cosine_of(e.cosine_of, loss, (real_logits, real_features), (fake_logits, fake_features))
        terms.append(e.cosine_weight * (1 - cosine))
    weighted = e.adversarial_weight * adversarial if terms and e.adversarial_weight != 1 else adversarial
    return adversarial, sum(terms, start=weighted)
