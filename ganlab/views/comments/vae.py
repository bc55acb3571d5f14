"""How a VAE's training stands."""

from __future__ import annotations

import numpy as np

from ganlab.experiment.sentence import Sentence
from ganlab.views.comments.evidence import (
    GROWTH,
    NARROW,
    NEARLY_ALIKE,
    SHARP,
    WARM_UP,
    Comment,
    Evidence,
    is_learning,
    modes,
    says,
)  # fmt: skip

COLLAPSED = 0.1  # nats: an encoder that says less than this about a sample says nothing


def starting(e: Evidence) -> Comment | None:
    if e.iteration > 0:
        return None
    said = "Press Train: the encoder learns to turn samples into latents, the decoder to turn latents into samples."
    return says("untrained", "Nothing learned yet", "info", said)


def diverging(e: Evidence) -> Comment | None:
    if not np.isfinite(e.spread):
        return says("diverging", "Diverging", "error", "The samples are infinite or not numbers.")
    value, before = e.now("reconstruction"), e.typical("reconstruction")
    if e.iteration > 2 * WARM_UP and value > GROWTH * max(before, 1.0):
        return says(
            "diverging", "Diverging", "error",
            "The reconstruction's loss has grown to {value:.3g} (at first about {before:.2g}). "
            "Lower the learning rates.",
            value=value, before=before,
        )  # fmt: skip
    return None


def warming_up(e: Evidence) -> Comment | None:
    if e.iteration >= WARM_UP:
        return None
    terms, done = _terms(e), e.iteration
    said = "{terms} after {done} iteration." if done == 1 else "{terms} after {done} iterations."
    return says("starting", "Warming up", "info", said, terms=terms, done=done)


def posterior_collapse(e: Evidence) -> Comment | None:
    kl = e.now("kl")
    if np.isnan(kl) or kl >= COLLAPSED:  # NaN: it has not been measured yet
        return None
    return says(
        "posterior_collapse", "Posterior collapse", "warning",
        "KL = {kl:.2g} nats: the encoder tells nothing about a sample, so the decoder makes the mean of all samples. "
        "Try a smaller sigma or KL weight: then it pays for the encoder to tell something.",
        kl=kl,
    )  # fmt: skip


def between_the_modes(e: Evidence) -> Comment | None:
    if e.coverage is None or e.coverage.high_quality >= SHARP:
        return None
    return says(
        "between_modes", "Covering, but not sharp", "info",
        "{modes}, {share:.0%} of the samples on them: a continuous decoder also puts samples between the modes. "
        "{terms}.",
        modes=modes(e.coverage), share=e.coverage.high_quality, terms=_terms(e),
    )  # fmt: skip


def nearly_alike(e: Evidence) -> Comment | None:
    if e.spread >= NARROW:
        return None
    return says("averaging", "Averaging", "warning", NEARLY_ALIKE, spread=e.spread)


def learning(e: Evidence) -> Comment | None:
    return is_learning(_terms(e), e)


VAE_RULES = (starting, diverging, warming_up, posterior_collapse, nearly_alike, between_the_modes, learning)


def _terms(e: Evidence) -> Sentence:
    if np.isnan(e.now("kl")):
        return Sentence("no losses yet")
    template = "Reconstruction = {reconstruction:.3g}, KL = {kl:.3g} nats"
    return Sentence(template, reconstruction=e.now("reconstruction"), kl=e.now("kl"))
