"""What the diagram of the game shows beside the samples: latents, and how the last iterations went."""

from __future__ import annotations

import math

import torch

from ganlab.training.last_update import last_update
from ganlab.views.inputs import Moment, as_array
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, Wire, always

LATENTS = 200
LAST = 100  # iterations


class Moves:
    """How far each player's last update has moved its weights, as a share of how large they were.

    The optimiser's state tells, while its settings are those of that update. So after a change of the settings
    nothing is told before the next update, and what was told stays until a player is updated again.
    """

    def __init__(self, _: Logbook) -> None:
        self._experiment: object = None
        self._since = 0  # the iteration at which this experiment was first seen
        self._at = -1
        self._moved: dict[str, float] = {}

    def after(self, book: Logbook) -> dict[str, float]:
        """Look again. Returns |change| / |theta| of "g" and "d", as far as they are known."""
        trainer = book.inputs.trainer
        if trainer.experiment is not self._experiment:
            self._experiment, self._since = trainer.experiment, trainer.iteration
        if trainer.iteration > self._since and trainer.iteration != self._at:
            self._at = trainer.iteration
            for role in ("g", "d"):
                self._look(role, book)
        return dict(self._moved)

    def _look(self, role: str, book: Logbook) -> None:
        trainer = book.inputs.trainer
        if not _was_updated(role, book) or (role == "d" and trainer.experiment.weight_clip > 0):
            return  # clipped weights moved once more, after the optimiser's step
        player, optimizer = (trainer.g, trainer.optimizer_g) if role == "g" else (trainer.d, trainer.optimizer_d)
        if (change := last_update(optimizer, player.theta)) is not None:
            before = torch.linalg.vector_norm(player.theta - change).clamp_min(1e-12)
            self._moved[role] = float(torch.linalg.vector_norm(change) / before)


def _was_updated(role: str, book: Logbook) -> bool:
    """Whether the last iteration updated this player: D step and G step update one of them alone."""
    vae = book.experiment.model == "vae"
    name = {"g": "decoder", "d": "encoder"}[role] if vae else role
    norms = book.history.column(f"grad_norm_{name}", 1)
    return len(norms) > 0 and math.isfinite(norms[-1])


def model(now: Moment, book: Logbook) -> Answer:
    """Two coordinates of the first latents, the scalars of the last iterations, and how far both players moved.

    `moved` is the change of a player's weights in its last update as a share of their size; a player whose change is
    not known is left out. `rates` are the learning rates.
    """
    trainer = now.trainer
    latents = now.inputs.latents[:LATENTS, : min(2, trainer.experiment.latent_dim)]
    optimizers = {"g": trainer.optimizer_g, "d": trainer.optimizer_d}
    return {
        "latents": as_array(latents),
        "recent": {name: book.history.column(name, LAST) for name in book.history.scalars},
        "moved": book.recall(Moves).after(book),
        "rates": {role: float(optimizer.param_groups[0]["lr"]) for role, optimizer in optimizers.items()},
    }


VIEW = View("model", always, model, Wire(bits={"latents": 16}), pages=frozenset({"model"}), place=30)
