"""A question for a person to answer: which of these samples are real? D has answered it, too."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import torch
from pydantic import Field

from ganlab.data import Sampler
from ganlab.experiment.codes import class_count, one_hot, parts
from ganlab.latent import draw_latents
from ganlab.training import rng
from ganlab.training.trainer import Trainer
from ganlab.views.inputs import Inputs, generate, moment
from ganlab.views.moments import trainer_at
from ganlab.views.questions.question import Question, as_shown


class Guess(Question):
    """As many real as generated samples, in an order that gives nothing away.

    `iteration` names a kept moment of the training, whose players are asked in place of those of now: see
    `ganlab/views/moments.py`. In the answer, `real` is 1 for a real sample, `says_real` is 1 where D's score is above
    the one at which it is undecided.
    """

    ask: Literal["guess"]
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    pairs: Annotated[int, Field(ge=1, le=20)] = 10
    iteration: Annotated[int, Field(ge=1)] | None = None

    def answer(self, trainer: Trainer) -> dict[str, Any]:
        e, classes = trainer.experiment, class_count(trainer.experiment)
        if e.model == "vae":
            raise ValueError("A VAE has no discriminator, so there is nobody to compare with: open a GAN.")
        if self.iteration is not None:
            trainer = trainer_at(trainer, self.iteration)
        chance = rng.generator(self.seed, "guess", trainer.device)
        sampler = Sampler(trainer.dataset, rng.stream_seed(self.seed, "guess"))
        real, named = sampler.next_labelled(self.pairs) if classes else (sampler.next(self.pairs), None)
        real = real.to(trainer.device)
        inputs = draw_latents(self.pairs, e, chance)
        with moment(Inputs(trainer)) as now, torch.no_grad():
            fake = generate(now.generator, inputs)
            y = parts(inputs, e).y
            of_real = now.judge(real, y if named is None else one_hot(named, classes).to(trainer.device))
            scores = trainer.loss.score(torch.cat([of_real, now.judge(fake, y)]))
            level = now.boundary
        order = torch.randperm(2 * self.pairs, generator=rng.generator(self.seed, "data"))
        shown = as_shown(torch.cat([real, fake])[order])
        return {
            **shown,
            "iteration": trainer.iteration,
            "extent": trainer.spec.extent,
            "real": (order < self.pairs).to(torch.uint8).numpy(),
            "says_real": (scores.cpu()[order] > level).to(torch.uint8).numpy(),
        }
