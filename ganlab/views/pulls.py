"""Where different losses would push the same samples, with the same D: why a saturating gradient vanishes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from torch import Tensor

from ganlab.game.losses import Loss, minimax_g, non_saturating_g, wasserstein_g
from ganlab.views.drawing import drawing_of
from ganlab.views.inputs import Moment, as_array, generate
from ganlab.views.logbook import Logbook
from ganlab.views.plane import pull
from ganlab.views.view import Answer, View, Wire

LossOfG = Callable[[Tensor, Tensor | None], Tensor]
ARROWS = 80  # of each field
AS_PROBABILITY = ("minimax", "non_saturating", "symmetric")  # losses in which sigmoid(logit) is D's probability
AS_OUTPUT = ("wasserstein", "hinge", "energy", "began")  # losses whose G raises D's raw output


def pulls(now: Moment, _: Logbook) -> Answer:
    """Minus the gradient at each generated sample of G's loss in use, of the other of saturating and non-saturating,
    and of minus D's raw output.

    `from` (n, 2) are the samples, of G as it trains, since these gradients are what it learns from; `arrows` (fields,
    n, 2) has a field for each of `names`; `means` are the lengths of their arrows on average. Fields that would be
    alike are not told twice.
    """
    fake = generate(now.trainer.generator, now.inputs.latents[:ARROWS])
    y = now.inputs.asked.y[:ARROWS]
    fields = fields_of(now.trainer.loss)
    found = np.stack([as_array(pull(now, fake, y, loss)) for loss in fields.values()])
    lengths = np.linalg.norm(found, axis=-1)
    return {
        "extent": now.trainer.spec.extent,
        "from": as_array(fake),
        "names": list(fields),
        "arrows": found,
        "means": lengths.mean(-1).tolist(),
    }


def fields_of(loss: Loss) -> dict[str, LossOfG]:
    """By what a page calls them, the losses of G to compare; the first is that in use."""
    fields: dict[str, LossOfG] = {f"{loss.label}, in use": loss.g}
    if loss.name in AS_PROBABILITY:
        saturates = loss.name == "minimax"
        fields["Non-saturating" if saturates else "Saturating (minimax)"] = non_saturating_g if saturates else minimax_g
    if loss.name not in AS_OUTPUT:
        fields["D's output alone"] = wasserstein_g
    return fields


VIEW = View(
    "pulls",
    lambda e: e.model == "gan" and drawing_of(e) == "plane",
    pulls,
    Wire(bits={"from": 16, "arrows": 16}),
    pages=frozenset({"model"}),
    place=20,
)
