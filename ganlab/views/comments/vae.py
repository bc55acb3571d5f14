"""How a VAE's training stands."""

from __future__ import annotations

import numpy as np

from ganlab.views.comments.evidence import GROWTH, NARROW, SHARP, WARM_UP, Comment, Evidence, modes

COLLAPSED = 0.1  # nats: an encoder that says less than this about a sample says nothing


def starting(e: Evidence) -> Comment | None:
    if e.iteration > 0:
        return None
    said = "Press Train: the encoder learns to code samples, the decoder to make them again from their codes."
    return Comment("untrained", "Nothing learned yet", said, "info")


def diverging(e: Evidence) -> Comment | None:
    if not np.isfinite(e.spread):
        return Comment("diverging", "Diverging", "Samples are no longer finite numbers.", "error")
    value, before = e.now("reconstruction"), e.typical("reconstruction")
    if e.iteration > 2 * WARM_UP and value > GROWTH * max(before, 1.0):
        return Comment(
            "diverging", "Diverging",
            f"The reconstruction's loss has grown to {value:.3g} (at first about {before:.2g}). "
            "Lower the learning rates.",
            "error",
        )  # fmt: skip
    return None


def warming_up(e: Evidence) -> Comment | None:
    if e.iteration >= WARM_UP:
        return None
    return Comment("starting", "Warming up", f"{_terms(e)} after {e.iteration} iterations.", "info")


def posterior_collapse(e: Evidence) -> Comment | None:
    if e.now("kl") >= COLLAPSED:
        return None
    return Comment(
        "posterior_collapse", "Posterior collapse",
        f"KL = {e.now('kl'):.2g} nats: the encoder says nothing about a sample, so the decoder makes the mean of all. "
        "A smaller sigma or KL weight makes saying something worth its price.",
        "warning",
    )  # fmt: skip


def between_the_modes(e: Evidence) -> Comment | None:
    if e.coverage is None or e.coverage.high_quality >= SHARP:
        return None
    return Comment(
        "between_modes", "Covering, but not sharp",
        f"{modes(e.coverage)}, {e.coverage.high_quality:.0%} of the samples on them: a continuous decoder also fills "
        f"what lies between. {_terms(e)}.",
        "info",
    )  # fmt: skip


def nearly_alike(e: Evidence) -> Comment | None:
    if e.spread >= NARROW:
        return None
    said = f"Samples are nearly alike: they spread {e.spread:.0%} as far as the data."
    return Comment("averaging", "Averaging", said, "warning")


def learning(e: Evidence) -> Comment | None:
    covered = "" if e.coverage is None else f" {modes(e.coverage)}, {e.coverage.high_quality:.0%} high quality."
    return Comment("learning", "Learning", f"{_terms(e)}.{covered}", "good")


VAE_RULES = (starting, diverging, warming_up, posterior_collapse, nearly_alike, between_the_modes, learning)


def _terms(e: Evidence) -> str:
    return f"Reconstruction = {e.now('reconstruction'):.3g}, KL = {e.now('kl'):.3g} nats"
