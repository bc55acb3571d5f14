"""A run that goes on from where another one was, with other settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ganlab.training.history import Floats
from ganlab.views.film import Still

PARTS = {
    "generator": "the generator",
    "optimizer_g": "G's optimiser",
    "discriminator": "the discriminator",
    "optimizer_d": "D's optimiser",
    "chance": "the state of chance",
    "sampler": "the place in the data",
}
VAE_PARTS = {
    "generator": "the decoder",
    "optimizer_g": "the decoder's optimiser",
    "encoder": "the encoder",
    "optimizer_d": "the encoder's optimiser",
    "chance": PARTS["chance"],
    "sampler": PARTS["sampler"],
}


@dataclass(frozen=True)
class Frozen:
    """A run as it was after one iteration: all that another needs to go on from there, as plain data.

    Attributes:
        tensors, plain: as `ganlab.training.checkpoint.state_of` gives them.
        history: every scalar so far, (iterations, scalars).
        logs: what the probes noted, by the log's name.
        seconds: spent on training.
        film: of images, what became of a few latents so far.
    """

    tensors: dict[str, Tensor]
    plain: dict[str, Any]
    history: Floats
    logs: Mapping[str, tuple[tuple[float, ...], ...]]
    seconds: float
    film: tuple[Still, ...] = ()

    @property
    def iteration(self) -> int:
        """The iterations done."""
        return int(self.plain["iteration"])


@dataclass(frozen=True)
class Origin:
    """Where a fork comes from.

    Attributes:
        run: the parent's id.
        frozen: the parent as it was; with the fork's `initial_experiment` and interventions, all that is needed to
            replay the fork.
        fresh: why each part that was not carried over is new.
    """

    run: str
    frozen: Frozen
    fresh: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """What was carried over and what was not."""
        parts = VAE_PARTS if self.frozen.plain["experiment"]["model"] == "vae" else PARTS
        if "model" in self.fresh:
            return f"Nothing was carried over, because {self.fresh['model']}: it starts afresh."
        if "generator" in self.fresh and self.fresh.keys() & {"discriminator", "encoder"}:
            return "Nothing was carried over, because neither network has the shapes that it had: it starts afresh."
        new = [f"{name} ({self.fresh[part]})" for part, name in parts.items() if part in self.fresh]
        if not new:
            return f"Goes on from iteration {self.frozen.iteration:,} with everything as it was."
        kept = [name for part, name in parts.items() if part not in self.fresh]
        return f"Goes on from iteration {self.frozen.iteration:,}. Carried over: {_listed(kept)}. New: {_listed(new)}."


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
