"""The algorithm: what one iteration of GAN training does, and nothing else.

No thread, no file, no page. The three `_update` methods are shown to students as they stand.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import Tensor, nn

from ganlab.data import Sampler, load
from ganlab.experiment import LIVE_FIELDS, Experiment, ExperimentError, knob
from ganlab.game import penalties
from ganlab.game.losses import LOSSES, Loss, chosen
from ganlab.latent import draw_latents
from ganlab.networks import Discriminator, build_discriminator, build_generator
from ganlab.networks.conditional import FixedClassDiscriminator
from ganlab.training import rng
from ganlab.training.device import intra_op_threads, pick_device
from ganlab.training.discriminator_input import DiscriminatorInput, instance_noise, seen_shape
from ganlab.training.history import SCALARS, Floats
from ganlab.training.memory import Anchors, HistoricalAverage, LossMemory
from ganlab.training.objective import (
    Respond,
    Responses,
    depends_on_answers_alone,
    generator_objective,
    gradient_penalties,
    reads_real,
)
from ganlab.training.optimizers import build_optimizer, descend, retune
from ganlab.training.parameters import Parameters
from ganlab.training.precision import choose_precision
from ganlab.training.unread import Unread
from ganlab.training.unrolling import unrolled

Measurements = dict[str, Tensor]  # scalars, by the names that they have in the history


class Trainer:
    """Trains a generator against a discriminator as an Experiment says.

    Scalars of each iteration wait on the device until `drain` reads them, so that the loop never
    waits for the device. Whoever calls it on the CPU gives torch `threads` threads first, for speed and
    for the same bits each time.

    Attributes:
        scalars: what each iteration records.
        partner: the name of the network that G is trained with, the player "d".

    Raises:
        ExperimentError: the device is not there.
    """

    scalars: tuple[str, ...] = SCALARS
    partner = "discriminator"
    discriminator: Discriminator

    def __init__(self, experiment: Experiment) -> None:
        self.experiment = experiment
        self.device = pick_device(experiment.device)
        self.dataset = load(experiment)
        self.spec = self.dataset.spec
        self.threads = intra_op_threads(experiment, self.spec.shape)
        self.iteration = 0
        self._changes = 0

        seed, init = experiment.seed, rng.generator(experiment.seed, "init")
        streams = ("latents", "noise", "penalties", "augmentation", "networks")
        self.chance = {name: rng.generator(seed, name, self.device) for name in streams}
        shape, chance = self.spec.shape, self.chance["networks"]
        self.generator: nn.Module = build_generator(experiment, shape, init, chance).to(self.device)
        partner = self._build_partner(init)
        choose_precision(experiment, self.generator, partner)
        self.ema: nn.Module | None = None
        if experiment.ema_decay > 0:
            self.ema = copy.deepcopy(self.generator).requires_grad_(False)
            self.ema_parameters = Parameters(self.ema)
        self.g = Parameters(self.generator)
        self.d = Parameters(partner)
        self.optimizer_g = build_optimizer(experiment, "g", self.g.theta)
        self.optimizer_d = build_optimizer(experiment, "d", self.d.theta)

        self.sampler = Sampler(self.dataset, rng.stream_seed(seed, "data"))
        self.loss = self._chosen_loss()
        self.seen = DiscriminatorInput(self.chance, self.device)
        self.anchors, self.remembered = Anchors(self.device), LossMemory(self.device)
        self.averages = {"g": HistoricalAverage(), "d": HistoricalAverage()}

        self._measured = Unread(self.scalars, self.device)
        self._nothing = torch.zeros((), device=self.device)
        self._choose_how_to_differentiate()

    def _build_partner(self, init: torch.Generator) -> nn.Module:
        """The network that G is trained with."""
        shape = seen_shape(self.experiment, self.spec.shape)
        self.discriminator = build_discriminator(self.experiment, shape, init, self.chance["networks"]).to(self.device)
        return self.discriminator

    @property
    def networks(self) -> dict[str, nn.Module]:
        """Every network by its name, the average among them where one is kept."""
        averaged = {"ema": self.ema} if self.ema is not None else {}
        return {"generator": self.generator, self.partner: getattr(self, self.partner), **averaged}

    @property
    def shown(self) -> nn.Module:
        """The generator that is shown and exported: the average of its weights where one is kept."""
        return self.ema or self.generator

    def step(self) -> None:
        """One iteration."""
        self.follow_schedules()
        self.conclude(self.iterate())

    def step_d(self) -> None:
        """One update of the discriminator alone; it counts as an iteration."""
        self.follow_schedules()
        self._record(self._iterate_d())

    def step_g(self) -> None:
        """One update of the generator alone; it counts as an iteration."""
        self.follow_schedules()
        self.conclude(self._iterate_g())

    # The algorithm

    def iterate(self) -> Measurements:
        """One iteration of Algorithm 1 (Goodfellow et al. 2014): n_critic updates of D, then one of G.

        G learns from the batch that D's last update has seen, so one forward pass serves both.
        """
        for _ in range(self.experiment.n_critic - 1):
            with torch.no_grad():
                fake = self.generator(self._latents())
            self._update_discriminator(self._real(), fake)
        real, fake = self._real(), self.generator(self._latents())
        if self.experiment.consensus_weight > 0:
            return self._update_both(real, fake)
        measured_d = self._update_discriminator(real, fake.detach())
        measured_g = self._update_generator(real, fake)
        return measured_d | measured_g

    def _iterate_d(self) -> Measurements:
        """One update of the discriminator alone."""
        with torch.no_grad():
            fake = self.generator(self._latents())
        return self._update_discriminator(self._real(), fake)

    def _iterate_g(self) -> Measurements:
        """One update of the generator alone."""
        return self._update_generator(self._real(), self.generator(self._latents()))

    def _update_discriminator(self, real: Tensor, fake: Tensor) -> Measurements:
        """Teach D to tell real from fake."""
        real, fake = self._seen(real), self._seen(fake)
        real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
        loss = self._discriminator_loss(real_logits, fake_logits)
        penalty = self._penalty(self.discriminator, real, fake, real_logits, fake_logits)
        norm = self._descend_d(self.d.gradient(loss + penalty))
        return {"loss_d": loss, "penalty": penalty, **self._scores(real_logits, fake_logits), "grad_norm_d": norm}

    def _update_generator(self, real: Tensor, fake: Tensor) -> Measurements:
        """Teach G to make what D, or D as it would answer, takes for real."""
        of_real, of_fake = self._responses(self.discriminator, real, fake)
        loss, objective = generator_objective(self.experiment, self.loss, of_real, of_fake)
        norm = self._descend_g(self.g.gradient(self._with_history(objective)))
        return {"loss_g": loss, "grad_norm_g": norm}

    def _update_both(self, real: Tensor, fake: Tensor) -> Measurements:
        """Update both players at once, each also towards where both gradients vanish (Mescheder et al. 2017)."""
        real, fake = self._seen(real), self._seen(fake)
        real_logits, fake_logits = self.discriminator(real), self.discriminator(fake)
        loss_d = self._discriminator_loss(real_logits, fake_logits)
        loss_g = self.loss.g(fake_logits, real_logits, **chosen(self.loss.options_g, self.experiment))
        penalty = self._penalty(self.discriminator, real, fake, real_logits, fake_logits)
        objective_d, objective_g = loss_d + penalty, self._with_history(loss_g)
        v = self.g.differentiable_gradient(objective_g), self.d.differentiable_gradient(objective_d)
        unrest = self.experiment.consensus_weight * penalties.consensus(*v)
        gradient_g = self.g.gradient(objective_g + unrest, retain_graph=True)
        gradient_d = self.d.gradient(objective_d + unrest)
        norm_d, norm_g = self._descend_d(gradient_d), self._descend_g(gradient_g)
        measured_d = {"loss_d": loss_d, "penalty": penalty + unrest, "grad_norm_d": norm_d}
        return measured_d | self._scores(real_logits, fake_logits) | {"loss_g": loss_g, "grad_norm_g": norm_g}

    def _descend_d(self, gradient: Tensor) -> Tensor:
        """Take the optimiser's step of D along this gradient. Returns the gradient's norm before it is clipped."""
        norm = descend(self.optimizer_d, self.experiment, "d", gradient)
        if self.experiment.weight_clip > 0:
            penalties.clip_weights_(self.discriminator, self.experiment.weight_clip)
        return norm

    def _descend_g(self, gradient: Tensor) -> Tensor:
        """Take the optimiser's step of G along this gradient. Returns the gradient's norm before it is clipped."""
        return descend(self.optimizer_g, self.experiment, "g", gradient)

    def _update_average(self, ema: nn.Module) -> None:
        """Move the shown generator's weights, and the statistics in its buffers, towards the trained one's."""
        weight = 1.0 - min(self.experiment.ema_decay, (1 + self.iteration) / (10 + self.iteration))
        self.ema_parameters.theta.lerp_(self.g.theta, weight)
        for kept, now in zip(ema.buffers(), self.generator.buffers(), strict=True):
            if kept.is_floating_point():
                kept.lerp_(now, weight)
            else:
                kept.copy_(now)

    # Its ingredients

    def _chosen_loss(self) -> Loss:
        return LOSSES[self.experiment.loss]

    def _real(self) -> Tensor:
        return self.sampler.next(self.experiment.batch_size).to(self.device, non_blocking=True)

    def _latents(self) -> Tensor:
        return draw_latents(self.experiment.batch_size, self.experiment, self.chance["latents"])

    def _seen(self, x: Tensor) -> Tensor:
        """Returns what D sees of x: see `DiscriminatorInput`."""
        return self.seen(x, self.experiment, self.iteration)

    def _responses(
        self, D: Discriminator | FixedClassDiscriminator, real: Tensor, fake: Tensor
    ) -> tuple[Responses, Responses]:
        """What D makes of both batches, now or after a look ahead; of fake twice where G does not need the real one."""
        e = self.experiment
        respond: Respond = D.respond
        fake = self._seen(fake)
        if reads_real(e, self.loss) or e.unroll_steps > 0:
            real = self._seen(real)
        if e.unroll_steps > 0:
            rate = self.optimizer_d.param_groups[0]["lr"]
            respond = unrolled(D, self._discriminator_loss, real, fake, e.unroll_steps, rate)
        of_fake = respond(fake)
        return respond(real) if reads_real(e, self.loss) else of_fake, of_fake

    def _discriminator_loss(self, real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        options, remembered = chosen(self.loss.options_d, self.experiment), self.remembered.given(self.loss)
        return self.loss.d(real_logits, fake_logits, **options, **remembered)

    def _penalty(
        self, D: penalties.Discriminator, real: Tensor, fake: Tensor, real_logits: Tensor, fake_logits: Tensor
    ) -> Tensor:
        """The sum of D's regularisers that are switched on."""
        e = self.experiment
        terms = gradient_penalties(e, D, real, fake, self.chance["penalties"])
        if e.lecam_weight > 0:
            anchors = self.anchors.follow(real_logits, fake_logits)
            terms.append(e.lecam_weight * penalties.lecam(real_logits, fake_logits, *anchors))
        if e.history_weight > 0:
            terms.append(self._history("d", self.d))
        return sum(terms, start=self._nothing)

    def _with_history(self, objective: Tensor) -> Tensor:
        """G's objective, with historical averaging if it is switched on."""
        return objective + self._history("g", self.g) if self.experiment.history_weight > 0 else objective

    def _history(self, role: str, player: Parameters) -> Tensor:
        average = self.averages[role].follow(player.theta)
        return self.experiment.history_weight * penalties.historical_averaging(player.vector(), average)

    @torch.no_grad()
    def _scores(self, real_logits: Tensor, fake_logits: Tensor) -> Measurements:
        """D's mean scores of real and of generated samples, which what is remembered follows."""
        self.seen.heed(self.experiment, self.loss, real_logits, fake_logits)
        self.remembered.follow(self.loss, self.experiment, real_logits, fake_logits)
        return {"score_real": self.loss.score(real_logits).mean(), "score_fake": self.loss.score(fake_logits).mean()}

    # Changes while it trains

    def change(self, **values: Any) -> None:
        """Give live fields new values from the next iteration on.

        Raises:
            ExperimentError: a value is not allowed, or its field may not change while training.
        """
        for name in values:
            if name in Experiment.model_fields and name not in LIVE_FIELDS:
                raise ExperimentError(f"{knob(name).label} ({name}) can't change while it trains: start a new run.")
        self.experiment = self.experiment.changed(**values)
        self._changes += 1
        self.loss = self._chosen_loss()
        for role, optimizer in (("g", self.optimizer_g), ("d", self.optimizer_d)):
            retune(optimizer, self.experiment, role, self.iteration)
        self._choose_how_to_differentiate()

    def _choose_how_to_differentiate(self) -> None:
        for player in (self.g, self.d):
            player.differentiate_by_hand(depends_on_answers_alone(self.experiment))

    def follow_schedules(self) -> None:
        e = self.experiment
        if e.schedule_g != "constant":
            retune(self.optimizer_g, e, "g", self.iteration)
        if e.schedule_d != "constant":
            retune(self.optimizer_d, e, "d", self.iteration)

    def settings_now(self) -> tuple[Any, ...]:
        """All that the next iteration depends on besides tensors, the sources of chance and the data."""
        rates = [optimizer.param_groups[0]["lr"] for optimizer in (self.optimizer_g, self.optimizer_d)]
        numbers = [rate for rate in rates if not isinstance(rate, Tensor)]
        return self._changes, *numbers, instance_noise(self.experiment, self.iteration)

    # What it measured

    def conclude(self, measured: Measurements) -> None:
        """Let the average follow G's update, and note what the iteration has measured."""
        if self.ema is not None:
            self._update_average(self.ema)
        self._record(measured)

    def _record(self, measured: Measurements) -> None:
        """Note what this iteration has measured, by name."""
        self._measured.note(measured)
        self.iteration += 1

    def drain(self) -> list[Floats]:
        """The scalars of the iterations since the last call, blocks of rows (n, len(scalars)), oldest first."""
        return self._measured.drain()
