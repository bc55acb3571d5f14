"""How alike D's responses to real and to generated samples are, by three ways of comparing them."""

from __future__ import annotations

from ganlab.game.terms import COSINES
from ganlab.training.objective import cosine_of
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View, has_discriminator, is_dirac_game


def cosine(now: Moment, book: Logbook) -> Answer:
    """The cosine by each way of comparing, at every iteration looked at."""
    log = book.logs["cosine"]
    log.add(book.iteration, *(float(cosine_of(name, now.trainer.loss, *now.responses)) for name in COSINES))
    return dict(zip(("x", *COSINES), log.columns(), strict=True))


VIEW = View("cosine", has_discriminator, cosine, crowded_out=is_dirac_game, place=60, node="d", logs={"cosine": ()})
