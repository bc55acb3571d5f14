"""What stands between a sample and D: augmentation, noise and packing, in this order."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ganlab.experiment import Experiment, is_images
from ganlab.game.augmentation import AUGMENTATIONS, packed, sometimes
from ganlab.game.losses import Loss
from ganlab.game.penalties import add_noise

ADAPTS_EVERY = 4  # updates of D, whose verdicts are averaged (Karras et al. 2020, section 3)


def seen_shape(e: Experiment, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of what D sees of samples of this shape: a pack has the channels, or coordinates, of all of them."""
    return (e.packing * shape[0], *shape[1:])


def instance_noise(e: Experiment, iteration: int) -> float:
    """The standard deviation of the noise at this iteration."""
    fade = max(0.0, 1.0 - iteration / e.instance_noise_steps) if e.instance_noise_steps else 1.0
    return e.instance_noise * fade


class DiscriminatorInput:
    """Shows D batches of samples as an Experiment says; `probability` is that of each adaptive change."""

    def __init__(self, chance: Mapping[str, torch.Generator], device: torch.device) -> None:
        self._chance = chance
        self.probability = AugmentationProbability(device)

    def __call__(self, x: Tensor, e: Experiment, iteration: int) -> Tensor:
        """What D sees of x: (batch, *shape) -> (batch / packing, *seen_shape)."""
        if e.augment != "none" and is_images(e):
            x = self._augmented(x, e)
        if (std := instance_noise(e, iteration)) > 0:
            x = add_noise(x, std, self._chance["noise"])
        return packed(x, e.packing) if e.packing > 1 else x

    def heed(self, e: Experiment, loss: Loss, real_logits: Tensor, fake_logits: Tensor) -> None:
        """Learn from D's scores how often to augment, where that is adaptive."""
        if e.augment == "adaptive" and is_images(e):
            self.probability.adapt(e, loss, real_logits, fake_logits)

    def _augmented(self, x: Tensor, e: Experiment) -> Tensor:
        rng = self._chance["augmentation"]
        for name, change in AUGMENTATIONS.items():
            if getattr(e, name):
                x = change(x, rng) if e.augment == "always" else sometimes(change, x, self.probability.value, rng)
        return x


class AugmentationProbability:
    """How often images are changed: more often while D is surer of real images than it should be.

    All of it stays on the device, so that no step waits for it.
    """

    def __init__(self, device: torch.device) -> None:
        self.state = {name: torch.zeros((), device=device) for name in ("p", "signs", "updates")}

    @property
    def value(self) -> Tensor:
        return self.state["p"]

    def adapt(self, e: Experiment, loss: Loss, real_logits: Tensor, fake_logits: Tensor) -> None:
        """Note D's verdict on a batch, and after every fourth one move p (Karras et al. 2020, equation 1, r_t).

        Sure of a real sample is a score above the one at which D is undecided; where only differences mean
        anything, above that of a generated sample.
        """
        p, signs, updates = (self.state[name] for name in ("p", "signs", "updates"))
        with torch.no_grad():
            undecided = loss.score(fake_logits) if loss.boundary is None else loss.boundary
            signs += torch.sign(loss.score(real_logits) - undecided).mean()
            updates += 1
            due = updates == ADAPTS_EVERY
            step = torch.sign(signs / ADAPTS_EVERY - e.augment_target) * (ADAPTS_EVERY / e.augment_steps)
            p.add_(torch.where(due, step, 0.0)).clamp_(0.0, 1.0)
            signs.mul_(~due)
            updates.mul_(~due)
