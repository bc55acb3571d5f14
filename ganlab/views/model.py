"""What the diagram of the game shows beside the samples: latents, and how the last iterations went."""

from __future__ import annotations

import torch

from ganlab.views.inputs import Moment, as_array
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, Wire, always

LATENTS = 200
LAST = 100  # iterations


def model(now: Moment, book: Logbook) -> Answer:
    """Two coordinates of the first latents, the scalars of the last iterations, and how large both players are."""
    trainer = now.trainer
    latents = now.inputs.latents[:LATENTS, : min(2, trainer.experiment.latent_dim)]
    players = {"g": (trainer.g, trainer.optimizer_g), "d": (trainer.d, trainer.optimizer_d)}
    return {
        "latents": as_array(latents),
        "recent": {name: book.history.column(name, LAST) for name in book.history.scalars},
        "weights": {role: float(torch.linalg.vector_norm(player.theta)) for role, (player, _) in players.items()},
        "rates": {role: float(optimizer.param_groups[0]["lr"]) for role, (_, optimizer) in players.items()},
    }


VIEW = View("model", always, model, Wire(bits={"latents": 16}), pages=frozenset({"model"}), place=30)
