"""What each network minimises, at every step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ganlab.game.elbo import least_nll
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Curves, Logbook
from ganlab.views.view import Answer, View, Wire, always

BANDS = [f"{curve}_{end}" for curve in ("d", "g", "reconstruction", "kl") for end in ("lo", "hi")]


def losses(_: Moment, book: Logbook) -> Answer:
    """Mean, least and greatest value of each loss over time."""
    return _of_a_vae(book) if book.experiment.model == "vae" else _of_a_gan(book)


def _of_a_gan(book: Logbook) -> Answer:
    """Both players' losses, the loss's own measure of convergence if it has one, and what it remembers."""
    curves, trainer = book.curves(), book.inputs.trainer
    penalty = curves.mean["penalty"]
    shown = {"x": curves.x, **_band(curves, "d", "loss_d"), **_band(curves, "g", "loss_g")}
    shown["penalty"] = penalty if np.nan_to_num(penalty).any() else None  # NaN: it was not measured
    if trainer.loss.convergence is not None:
        real, fake = curves.mean["score_real"], curves.mean["score_fake"]
        shown["convergence"] = trainer.loss.convergence(real, fake, book.experiment)
    shown["remembered"] = {name: float(number) for name, number in trainer.remembered.given(trainer.loss).items()}
    return shown


def _of_a_vae(book: Logbook) -> Answer:
    """The two terms of the loss, their weighted sum, and what perfect reconstructions would cost."""
    curves, e = book.curves(), book.experiment
    reconstruction, kl = curves.mean["reconstruction"], curves.mean["kl"]
    return {
        "x": curves.x,
        **_band(curves, "reconstruction", "reconstruction"),
        **_band(curves, "kl", "kl"),
        "loss": (reconstruction + np.float32(e.kl_weight) * kl).astype(np.float32),
        "floor": least_nll(int(np.prod(book.inputs.trainer.spec.shape)), e.decoder_std),
    }


def _band(curves: Curves, name: str, scalar: str) -> dict[str, Any]:
    return {name: curves.mean[scalar], f"{name}_lo": curves.low[scalar], f"{name}_hi": curves.high[scalar]}


VIEW = View("losses", always, losses, Wire(bits=dict.fromkeys(BANDS, 16)), place=10, node="loss_d")
