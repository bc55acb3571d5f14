"""What D says of real and of generated samples on average, at every step."""

from __future__ import annotations

from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, Wire, has_discriminator


def scores(_: Moment, book: Logbook) -> Answer:
    """Mean, least and greatest mean score over time, and the score at which D is undecided."""
    curves = book.curves()
    shown: Answer = {"x": curves.x}
    for name in ("real", "fake"):
        scalar = f"score_{name}"
        shown |= {name: curves.mean[scalar], f"{name}_lo": curves.low[scalar], f"{name}_hi": curves.high[scalar]}
    return shown | {"boundary": book.inputs.trainer.loss.boundary}


VIEW = View(
    "scores",
    has_discriminator,
    scores,
    Wire(bits={"real_lo": 16, "real_hi": 16, "fake_lo": 16, "fake_hi": 16}),
    place=20,
    node="scores",
)
