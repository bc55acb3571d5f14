"""Famous mistakes, each a Trainer with one line wrong; the true Trainer knows nothing of them.

For the clinic, where they are shown to students beside the lines that are right.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor, nn

from ganlab.experiment import Experiment
from ganlab.experiment.choices import Mistake
from ganlab.game.losses import Loss
from ganlab.game.mistaken_losses import mistaken
from ganlab.game.notes import Note
from ganlab.game.penalties import PENALTIES, Discriminator, gradients
from ganlab.training.optimizers import build_optimizer
from ganlab.training.parameters import Parameters
from ganlab.training.trainer import Measurements, Trainer


class MistakenLoss(Trainer):
    """The losses are not those that were chosen: see `mistaken_losses`."""

    def _chosen_loss(self) -> Loss:
        return mistaken(super()._chosen_loss(), self.experiment.mistake)


class SigmoidTwice(MistakenLoss):
    """D ends in a sigmoid, but its loss takes logits and applies a sigmoid of its own."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self.discriminator[-1] = nn.Sequential(self.discriminator[-1], nn.Sigmoid())


class TwoActivations(Trainer):
    """A ReLU before each LeakyReLU: the second gets no negative values, so nothing leaks."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        for network in (self.generator, self.discriminator, self.ema):
            for parent in list(network.modules()) if network is not None else []:
                for name, layer in parent.named_children():
                    if isinstance(layer, nn.LeakyReLU):
                        setattr(parent, name, nn.Sequential(nn.ReLU(), nn.LeakyReLU(layer.negative_slope)))


class OutputBatchNorm(Trainer):
    """BatchNorm after G's tanh: each pixel gets the same mean and spread over a batch, whatever the data have."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        shape = self.spec.shape
        normalised = (nn.Flatten(), nn.BatchNorm1d(math.prod(shape)), nn.Unflatten(1, shape))
        self.generator = nn.Sequential(self.generator, *normalised).to(self.device)
        self.g = Parameters(self.generator)
        self.optimizer_g = build_optimizer(experiment, "g", self.g.theta)
        if self.ema is not None:
            self.ema = copy.deepcopy(self.generator).requires_grad_(False)
            self.ema_parameters = Parameters(self.ema)


class NotDetached(Trainer):
    """D's loss reaches G through the samples, and G adds what that left behind to its own gradient."""

    def __init__(self, experiment: Experiment) -> None:
        super().__init__(experiment)
        self._left_behind = self._nothing

    def iterate(self) -> Measurements:
        for _ in range(self.experiment.n_critic - 1):
            with torch.no_grad():
                fake = self.generator(self._latents())
            self._update_discriminator(self._real(), fake)
        real, fake = self._real(), self.generator(self._latents())
        measured_d = self._update_discriminator(real, fake)  # not fake.detach()
        measured_g = self._update_generator(real, fake)
        return measured_d | measured_g

    def _update_discriminator(self, real: Tensor, fake: Tensor) -> Measurements:
        if not fake.requires_grad:
            return super()._update_discriminator(real, fake)
        real, fake = self._seen(real), self._seen(fake)
        real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
        loss = self._discriminator_loss(real_logits, fake_logits)
        penalty = self._penalty(self.discriminator, real, fake, real_logits, fake_logits)
        self._left_behind = self.g.gradient(loss, retain_graph=True).clone()  # loss.backward() does it unasked
        norm = self._descend_d(self.d.gradient(loss + penalty))
        return {"loss_d": loss, "penalty": penalty, **self._scores(real_logits, fake_logits), "grad_norm_d": norm}

    def _descend_g(self, gradient: Tensor) -> Tensor:
        gradient += self._left_behind  # loss.backward() adds to what is there, and nobody called zero_grad()
        self._left_behind = self._nothing
        return super()._descend_g(gradient)


class UnitRange(Trainer):
    """Real images in [0, 1], while G's tanh makes them in [-1, 1]."""

    def _real(self) -> Tensor:
        return (super()._real() + 1) / 2


class MixedBatches(Trainer):
    """D sees real and generated samples in one batch, whose BatchNorm statistics give away neither."""

    def _update_discriminator(self, real: Tensor, fake: Tensor) -> Measurements:
        real, fake = self._seen(real), self._seen(fake)
        real_logits, fake_logits = self.discriminator(torch.cat([real, fake])).chunk(2)
        loss = self._discriminator_loss(real_logits, fake_logits)
        penalty = self._penalty(self.discriminator, real, fake, real_logits, fake_logits)
        norm = self._descend_d(self.d.gradient(loss + penalty))
        return {"loss_d": loss, "penalty": penalty, **self._scores(real_logits, fake_logits), "grad_norm_d": norm}


def gradient_penalty_with_one_weight(D: Discriminator, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
    """The penalty of WGAN-GP with a single epsilon for the whole batch."""
    epsilon = torch.rand(1, generator=rng, device=rng.device).to(real)
    x = torch.lerp(real, fake, epsilon)
    norms: Tensor = torch.linalg.vector_norm(gradients(D, x), dim=1)
    return (norms - 1).square().mean()


class OneWeightPerBatch(Trainer):
    """WGAN-GP whose points between real and generated samples all lie equally far along the way."""

    def _penalty(
        self, D: Discriminator, real: Tensor, fake: Tensor, real_logits: Tensor, fake_logits: Tensor
    ) -> Tensor:
        e = self.experiment
        self.experiment = e.model_copy(update={"gp_weight": 0.0})
        others = super()._penalty(D, real, fake, real_logits, fake_logits)
        self.experiment = e
        penalty = gradient_penalty_with_one_weight(D, real, fake, self.chance["penalties"])
        return others + e.gp_weight * penalty


class DenseAsGiven(SigmoidTwice, OutputBatchNorm, TwoActivations):
    """Three mistakes at once, as an article on dense GANs has them; and G's loss is minus the mean of D's output."""


MISTAKEN: Mapping[Mistake, type[Trainer]] = {
    "sigmoid_twice": SigmoidTwice,
    "two_activations": TwoActivations,
    "output_batch_norm": OutputBatchNorm,
    "wrong_sign": MistakenLoss,
    "ones_for_both": MistakenLoss,
    "not_detached": NotDetached,
    "unit_range": UnitRange,
    "mixed_batches": MixedBatches,
    "one_weight_per_batch": OneWeightPerBatch,
    "real_scores_lowered": MistakenLoss,
    "sigmoid_critic": MistakenLoss,
    "dense_as_given": DenseAsGiven,
}

MISTAKEN_PENALTIES: Mapping[Mistake, Mapping[str, Note]] = {
    "one_weight_per_batch": {
        "gp_weight": replace(
            PENALTIES["gp_weight"],
            formula=r"\lambda \, \mathbb{E}_{\hat x}[(\lVert \nabla D(\hat x) \rVert - 1)^2], \quad "
            r"\hat x = (1 - \epsilon) x + \epsilon \, G(z), \quad \text{one } \epsilon \sim U[0, 1] \text{ a batch}",
            functions=(gradient_penalty_with_one_weight, gradients),
        )
    }
}
"""Notes that stand in for those of the right methods, by the field that switches the method on."""


def mistake_of(e: Experiment) -> tuple[type[Trainer], ...]:
    """The Trainers that make this Experiment's mistake, but for a mistake that stands in its losses alone."""
    if e.mistake not in MISTAKEN or e.model == "vae":
        return ()
    made = MISTAKEN[e.mistake].__mro__
    return tuple(each for each in made[: made.index(Trainer)] if each is not MistakenLoss)
