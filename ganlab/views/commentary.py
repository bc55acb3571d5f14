"""One plain line on how the game stands."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.training.dirac import DiracTrainer
from ganlab.views.codes import samples_of_a_code
from ganlab.views.comments.dirac import comment_on_the_game
from ganlab.views.comments.evidence import Evidence, comment
from ganlab.views.comments.gan import GAN_RULES
from ganlab.views.comments.vae import VAE_RULES
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, always


class Widest:
    """The largest spread of the samples at any look since this logbook was begun."""

    def __init__(self, _: Logbook) -> None:
        self.spread = 0.0

    def after(self, spread: float) -> float:
        """Take note of this look's spread. Returns the largest."""
        self.spread = max(self.spread, spread)
        return self.spread


def commentary(now: Moment, book: Logbook) -> Answer:
    """A verdict, a headline, the evidence for it, and how much it should worry."""
    trainer = now.trainer
    if isinstance(trainer, DiracTrainer):
        return comment_on_the_game(trainer)
    fake, real = now.fake.flatten(1), now.inputs.real.flatten(1)
    width = real.std(0).norm().clamp_min(1e-12)
    looks = book.logs["coverage"]
    spread = _spread(now.fake, now)
    evidence = Evidence(
        history=book.history,
        loss=trainer.loss,
        iteration=trainer.iteration,
        coverage=now.coverage,
        spread=spread,
        difference=now.difference,
        offset=float((fake.mean(0) - real.mean(0)).norm() / width),
        best_quality=float(looks.columns()[2].max()) if len(looks) else 0.0,
        widest=book.recall(Widest).after(spread),
        preference=preference(now) if trainer.experiment.model == "gan" else 0.5,
        spread_of_a_code=_spread_of_a_code(now),
    )
    return comment(evidence, VAE_RULES if trainer.experiment.model == "vae" else GAN_RULES)


def _spread(samples: Tensor, now: Moment) -> float:
    """Standard deviation of samples over that of real data, averaged over coordinates."""
    return float(samples.std(0).mean() / now.inputs.real.std(0).mean().clamp_min(1e-12))


def preference(now: Moment) -> float:
    """How often D scores a real sample above a generated one, over all pairs of them; a tie counts half."""
    real, fake = (logits for logits, _ in now.responses)
    ordered = fake.sort().values
    below = torch.searchsorted(ordered, real) + torch.searchsorted(ordered, real, right=True)
    return float(below.double().mean() / (2 * len(fake)))


def _spread_of_a_code(now: Moment) -> float:
    """The mean spread of images that share a category; NaN where G is given none, or makes points."""
    if not now.inputs.images or not now.trainer.experiment.info_categories:
        return float("nan")
    alike = samples_of_a_code(now)
    return sum(_spread(samples, now) for samples in alike) / len(alike)


VIEW = View("commentary", always, commentary, pages=frozenset(), seldom=True)
