"""Which of the data's known modes the samples cover."""

from __future__ import annotations

from ganlab.data import modes_known
from ganlab.metrics.modes import perfect_high_quality
from ganlab.views.inputs import Moment
from ganlab.views.logbook import Logbook
from ganlab.views.view import Answer, View


def modes(now: Moment, book: Logbook) -> Answer:
    """How the modes are covered now, and were at every iteration looked at."""
    coverage = now.coverage
    assert coverage is not None
    log, divergence = book.logs["coverage"], book.logs["divergence"]
    log.add(book.iteration, coverage.captured, coverage.high_quality)
    divergence.add(book.iteration, coverage.reverse_kl)
    x, captured, high_quality = log.columns()
    kl_x, kl = divergence.columns()
    return {
        "x": x,
        "captured": captured,
        "high_quality": high_quality,
        "kl_x": kl_x,
        "kl": kl,
        "total": coverage.total,
        "counts": coverage.counts,
        "needed": coverage.needed,
        "reverse_kl": coverage.reverse_kl,
        "perfect_high_quality": perfect_high_quality(now.trainer.spec.shape[0]),
    }


VIEW = View(
    "modes",
    modes_known,
    modes,
    pages=frozenset({"train", "collapse"}),
    place=80,
    node="fake",
    seldom=True,
    logs={"coverage": (), "divergence": ()},
)
