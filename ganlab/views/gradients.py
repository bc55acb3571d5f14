"""How strong the learning signal is that reaches each network's weights."""

from __future__ import annotations

from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, always


def gradients(_: Moment, book: Logbook) -> Answer:
    """The norms of both networks' gradients over time; an encoder stands in D's place, a decoder in G's."""
    curves = book.curves()
    d, g = ("encoder", "decoder") if book.experiment.model == "vae" else ("d", "g")
    return {"x": curves.x, "d": curves.mean[f"grad_norm_{d}"], "g": curves.mean[f"grad_norm_{g}"]}


VIEW = View("gradients", always, gradients, place=50, node="step_g")
