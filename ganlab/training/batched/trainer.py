"""Many GANs of one shape trained at once: `Trainer`'s algorithm, every tensor with a first dimension of members."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from ganlab.data import load
from ganlab.experiment import Experiment
from ganlab.game.losses import LOSSES, chosen
from ganlab.networks import build_discriminator, build_generator
from ganlab.training import rng
from ganlab.training.batched.kinship import most_numbers, widest
from ganlab.training.batched.optimizers import StackedOptimizer, column
from ganlab.training.batched.penalties import SlopePenalties
from ganlab.training.batched.sampler import StackedSampler
from ganlab.training.batched.stack import Stack
from ganlab.training.device import intra_op_threads, pick_device
from ganlab.training.discriminator_input import instance_noise, seen_shape
from ganlab.training.history import SCALARS, Floats
from ganlab.training.trainer import Measurements, Trainer

Respond = Callable[[Tensor], Tensor]
Alike = tuple[dict[str, Any], Tensor]  # options of a loss, and the numbers of the members that have them


class BatchedTrainer:
    """Trains members of one family (see `families`), each to the numbers that it would come to alone.

    To float rounding, that is: sums are taken in another order. A member whose numbers stop being finite
    goes on as NaN and touches no other.
    """

    def __init__(self, experiments: Sequence[Experiment]) -> None:
        self.experiments = tuple(experiments)
        self.shared = e = experiments[0]
        self.device = pick_device(e.device)
        self.spec = load(e).spec
        self.threads = intra_op_threads(e, self.spec.shape)
        self.iteration = 0
        self.loss = LOSSES[e.loss]

        init = [rng.generator(member.seed, "init") for member in experiments]
        shape, seen = self.spec.shape, seen_shape(e, self.spec.shape)
        self.chances = [rng.generator(member.seed, "networks", self.device) for member in experiments]
        generators = [build_generator(e, shape, i) for i in init]
        discriminators = [build_discriminator(e, seen, *dice) for dice in zip(init, self.chances, strict=True)]
        rounds = e.precision == "bf16"
        self.generator = Stack(generators, (e.latent_dim,), self.device, bfloat16=rounds)
        self.discriminator = Stack(discriminators, seen, self.device, self.chances, bfloat16=rounds)
        self.optimizer_g = StackedOptimizer(experiments, "g", self.generator.theta)
        self.optimizer_d = StackedOptimizer(experiments, "d", self.discriminator.theta)
        self.ema = self.generator.copy() if any(member.ema_decay > 0 for member in experiments) else None

        self._in_one_pass = most_numbers(e) // widest(e)  # samples of all members
        self._decay = self._column("ema_decay")
        self._limits = {
            name: limits.masked_fill(limits == 0, math.inf)
            for name in ("clip_norm_g", "clip_norm_d", "clip_value_g", "clip_value_d", "weight_clip")
            if bool((limits := self._column(name)).any())
        }
        self._noisy = any(member.instance_noise > 0 for member in experiments)
        self._noise_std = torch.zeros(len(experiments), 1, 1, device=self.device)
        self._alike_d = _alike([chosen(self.loss.options_d, member) for member in experiments], self.device)
        self._alike_g = _alike([chosen(self.loss.options_g, member) for member in experiments], self.device)
        self._penalties = SlopePenalties(experiments, e.batch_size // e.packing, math.prod(seen), self.device)
        self._nothing = torch.zeros(len(experiments), device=self.device)
        self._measured: Measurements = {}
        self.sampler = StackedSampler(experiments, self._penalties.draws, self.device)

    @property
    def shown(self) -> Stack:
        """The generators that are shown: the averages of their weights where any are kept."""
        return self.ema or self.generator

    # The algorithm

    def step(self) -> None:
        """One iteration of every member."""
        self.follow_schedules()
        self.conclude(self.iterate())

    def iterate(self) -> Measurements:
        """One iteration of every member: n_critic updates of D, then one of G. Returns what `scalars` reads."""
        for _ in range(self.shared.n_critic - 1):
            with torch.no_grad():
                fake = self.generator(self.sampler.next("latents"))
            self._update_discriminators(self.sampler.next("data"), fake)
        real, fake = self.sampler.next("data"), self.generator(self.sampler.next("latents"))
        measured_d = self._update_discriminators(real, fake.detach())
        measured_g = self._update_generators(real, fake)
        return measured_d | measured_g

    def _update_discriminators(self, real: Tensor, fake: Tensor) -> Measurements:
        real, fake = self._seen(real), self._seen(fake)
        real_logits, fake_logits = self._verdicts(real, fake)
        loss, penalty = self._discriminator_loss(real_logits, fake_logits), self._nothing
        if self._penalties:
            dice = self.sampler.next("penalties") if self._penalties.draws else None
            penalty = self._penalties(self.discriminator, real, fake, dice)
            loss = loss + penalty.sum()
        gradient = self.discriminator.differentiate(loss)
        norm = self._clip_(gradient, "d")
        self.optimizer_d.step(gradient)
        if "weight_clip" in self._limits:
            limit = self._limits["weight_clip"]
            self.discriminator.theta.clamp_(-limit, limit)
        logits = {"real_d": real_logits.detach(), "fake_d": fake_logits.detach()}
        return {**logits, "penalty": penalty.detach(), "grad_norm_d": norm}

    def _update_generators(self, real: Tensor, fake: Tensor) -> Measurements:
        respond: Respond = self.discriminator
        fake = self._seen(fake)
        if self.loss.uses_real or self.shared.unroll_steps > 0:
            real = self._seen(real)
        if self.shared.unroll_steps > 0:
            respond = self._unrolled(real, fake)
        fake_logits = respond(fake)
        real_logits = respond(real) if self.loss.uses_real else fake_logits
        loss = _summed(self.loss.g, fake_logits, real_logits, self._alike_g)
        gradient = self.generator.differentiate(loss)
        norm = self._clip_(gradient, "g")
        self.optimizer_g.step(gradient)
        return {"fake_g": fake_logits.detach(), "real_g": real_logits.detach(), "grad_norm_g": norm}

    def _verdicts(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        """D's logits of both, in one pass where a sample's does not depend on the rest of its batch."""
        D = self.discriminator
        if D.mixes or 2 * real.shape[:2].numel() > self._in_one_pass:
            return D(real), D(fake)
        real_logits, fake_logits = D(torch.cat([real, fake], dim=1)).chunk(2, dim=1)
        return real_logits, fake_logits

    def _discriminator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return _summed(self.loss.d, real, fake, self._alike_d)

    def _unrolled(self, real: Tensor, fake: Tensor) -> Respond:
        """Returns the responses of every member's D after a look ahead: see `unrolling.unrolled`."""
        D, weights = self.discriminator, self.discriminator.weights
        rates = [self.optimizer_d.lr.view(-1, *[1] * (weight.dim() - 1)) for weight in weights]
        for _ in range(self.shared.unroll_steps):
            logits = D(real, weights, observe=False), D(fake, weights, observe=False)
            slopes = torch.autograd.grad(self._discriminator_loss(*logits), weights, create_graph=True)
            weights = [w - lr * slope for w, lr, slope in zip(weights, rates, slopes, strict=True)]
        return lambda x: D(x, weights, observe=False)

    def _clip_(self, gradient: Tensor, role: str) -> Tensor:
        """Clip each member's gradient as `clip_gradient_` does. Returns the norms before it, (members,)."""
        norm: Tensor = torch.linalg.vector_norm(gradient, dim=1, keepdim=True)
        if (most := self._limits.get(f"clip_norm_{role}")) is not None:
            gradient.mul_((most / norm.clamp_min(1e-12)).clamp_max(1.0))
        if (most := self._limits.get(f"clip_value_{role}")) is not None:
            gradient.clamp_(-most, most)
        return norm[:, 0]

    def _update_average(self, ema: Stack) -> None:
        weight = 1.0 - self._decay.clamp_max((1 + self.iteration) / (10 + self.iteration))
        ema.theta.lerp_(self.generator.theta, weight)
        for kept, now in zip(ema.buffers, self.generator.buffers, strict=True):
            if kept.is_floating_point():
                kept.lerp_(now, weight)
            else:
                kept.copy_(now)

    def _seen(self, x: Tensor) -> Tensor:
        """Returns what D sees of x: with noise, and in packs."""
        if self._noisy:
            x = torch.addcmul(x, self._noise_std, self.sampler.next("noise"))
        packing = self.shared.packing
        return x.reshape(len(x), -1, packing * x.shape[2]) if packing > 1 else x

    def _column(self, name: str) -> Tensor:
        return column(self.experiments, name).to(self.device)

    # Around an iteration: see `CapturedStep`

    def follow_schedules(self) -> None:
        self.optimizer_g.follow_schedule(self.iteration)
        self.optimizer_d.follow_schedule(self.iteration)
        if self._noisy:
            stds = torch.tensor([instance_noise(e, self.iteration) for e in self.experiments])
            self._noise_std.copy_(stds.view(-1, 1, 1), non_blocking=True)

    def settings_now(self) -> tuple[Any, ...]:
        """All that the next iteration depends on besides tensors, the sources of chance and the data: nothing."""
        return ()

    def conclude(self, measured: Measurements) -> None:
        """Let the averages follow the updates of G, and keep what the iteration has measured."""
        if self.ema is not None:
            self._update_average(self.ema)
        self._measured = measured
        self.iteration += 1

    # What it can tell

    @torch.no_grad()
    def scalars(self) -> dict[str, Floats]:
        """Those of the last iteration by name, each (members,), not finite where a member's weights are not."""
        rows = []
        for i, e in enumerate(self.experiments):
            of = {name: values[i] for name, values in self._measured.items()}
            loss_d = self.loss.d(of["real_d"], of["fake_d"], **chosen(self.loss.options_d, e))
            loss_g = self.loss.g(of["fake_g"], of["real_g"], **chosen(self.loss.options_g, e))
            scores = {f"score_{kind}": self.loss.score(of[f"{kind}_d"]).mean() for kind in ("real", "fake")}
            row = {"loss_d": loss_d, "loss_g": loss_g, **scores, **of}
            rows.append(torch.stack([row[name] for name in SCALARS]))
        return dict(zip(SCALARS, torch.stack(rows, dim=1).cpu().numpy(), strict=True))

    @torch.no_grad()
    def finite(self) -> list[bool]:
        """Whether each member's weights are all finite."""
        good = self.generator.theta.isfinite().all(dim=1) & self.discriminator.theta.isfinite().all(dim=1)
        verdict: list[bool] = good.tolist()
        return verdict

    @torch.no_grad()
    def samples(self, latents: Tensor) -> Tensor:
        """What the shown generators make of latents (n, latent_dim), the same for all: (members, n, *shape)."""
        z = latents.to(self.device).expand(len(self.experiments), *latents.shape)
        return self.shown(z, training=False).view(*z.shape[:2], *self.spec.shape)

    @torch.no_grad()
    def go_on_from(self, trainers: Sequence[Trainer]) -> None:
        """Go on from where these Trainers are, one a member and all at one iteration, as each would have gone on."""
        for member, alone in enumerate(trainers):
            self.generator.borrow(member, alone.generator)
            self.discriminator.borrow(member, alone.discriminator)
            if self.ema is not None:
                self.ema.borrow(member, alone.shown)
            self.optimizer_g.borrow(member, alone.optimizer_g, alone.g.theta)
            self.optimizer_d.borrow(member, alone.optimizer_d, alone.d.theta)
            self.chances[member].set_state(alone.chance["networks"].get_state())
        self.sampler.go_on_from(
            [
                {"data": alone.sampler.state_dict()} | {name: rng.get_state() for name, rng in alone.chance.items()}
                for alone in trainers
            ]
        )
        self.iteration = trainers[0].iteration

    @torch.no_grad()
    def trainer(self, member: int) -> Trainer:
        """A Trainer of this member that goes on from here as it would have gone on, to float rounding."""
        alone = Trainer(self.experiments[member])
        networks = [(self.generator, alone.generator), (self.discriminator, alone.discriminator)]
        if self.ema is not None and alone.ema is not None:
            networks.append((self.ema, alone.ema))
        for stack, network in networks:
            stack.lend(member, network)
        self.optimizer_g.lend(member, alone.optimizer_g, alone.g.theta)
        self.optimizer_d.lend(member, alone.optimizer_d, alone.d.theta)
        states = self.sampler.states_of(member)
        alone.sampler.load_state_dict(states.pop("data"))
        for name, state in (states | {"networks": self.chances[member].get_state()}).items():
            alone.chance[name].set_state(state)
        alone.iteration = self.iteration
        alone.change()  # the optimisers' rates, as the schedule has them at this iteration
        return alone


def _alike(options: Sequence[dict[str, Any]], device: torch.device) -> list[Alike]:
    """The options that there are, each with the members that have them."""
    different = [each for i, each in enumerate(options) if each not in options[:i]]
    rows = [[i for i, other in enumerate(options) if other == each] for each in different]
    return [(each, torch.tensor(members, device=device)) for each, members in zip(different, rows, strict=True)]


def _summed(loss: Callable[..., Tensor], one: Tensor, other: Tensor, alike: Sequence[Alike]) -> Tensor:
    """The sum of all members' losses, whose gradient is each one's own.

    A loss is a mean over samples: over those of several members it is the mean of their losses.
    """
    if len(alike) == 1:
        return len(one) * loss(one, other, **alike[0][0])
    losses = [
        len(rows) * loss(one.index_select(0, rows), other.index_select(0, rows), **options) for options, rows in alike
    ]
    return torch.stack(losses).sum()
