"""One plain line on how the game stands."""

from __future__ import annotations

from ganlab.training.dirac import DiracTrainer
from ganlab.views.comments.dirac import comment_on_the_game
from ganlab.views.comments.evidence import Evidence, comment
from ganlab.views.comments.gan import GAN_RULES
from ganlab.views.comments.vae import VAE_RULES
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, always


def commentary(now: Moment, book: Logbook) -> Answer:
    """A verdict, a headline, the evidence for it, and how much it should worry."""
    trainer = now.trainer
    if isinstance(trainer, DiracTrainer):
        return comment_on_the_game(trainer)
    fake, real = now.fake.flatten(1), now.inputs.real.flatten(1)
    width = real.std(0).norm().clamp_min(1e-12)
    looks = book.logs["coverage"]
    evidence = Evidence(
        history=book.history,
        loss=trainer.loss,
        iteration=trainer.iteration,
        coverage=now.coverage,
        spread=float(now.fake.std(0).mean() / now.inputs.real.std(0).mean().clamp_min(1e-12)),
        difference=now.difference,
        offset=float((fake.mean(0) - real.mean(0)).norm() / width),
        best_quality=float(looks.columns()[2].max()) if len(looks) else 0.0,
    )
    return comment(evidence, VAE_RULES if trainer.experiment.model == "vae" else GAN_RULES)


VIEW = View("commentary", always, commentary, pages=frozenset())
