"""How a game of G against D stands."""

from __future__ import annotations

import numpy as np

from ganlab.views.comments.evidence import GROWTH, NARROW, SHARP, WARM_UP, WINDOW, Comment, Evidence, modes

EXPLODING = 1e3  # a loss or gradient norm of this size helps nobody
FEW_MODES = 0.65  # share of the modes: fewer, and modes are missing
SURE = 0.05  # D's probability of error on both sides, when it is winning
FAIR = 0.15  # how far from 1/2 D's scores may lie in a balanced game
VANISHED = 1e-4  # a gradient norm below this moves nothing
SWING = 0.2  # standard deviation of D's mean score over recent iterations, when the players circle

MAGNITUDES = {
    "loss_d": "D's loss",
    "loss_g": "G's loss",
    "grad_norm_d": "D's gradient",
    "grad_norm_g": "G's gradient",
}


def starting(e: Evidence) -> Comment | None:
    if e.iteration == 0:
        return Comment(
            "untrained", "Nothing learned yet",
            "Press Train: the generator, G, learns to make samples that the discriminator, D, takes for real.", "info",
        )  # fmt: skip
    return None


def diverging(e: Evidence) -> Comment | None:
    if not np.isfinite(e.spread):
        return Comment("diverging", "Diverging", "Samples are no longer finite numbers.", "error")
    for name, what in MAGNITUDES.items():
        value, before = abs(e.now(name)), e.typical(name)
        if value > EXPLODING or (e.iteration > 2 * WARM_UP and value > GROWTH * max(before, 0.1)):
            return Comment(
                "diverging", "Diverging",
                f"{what} has grown to {value:.3g} (at first about {before:.2g}). "
                "Lower the learning rates or regularise D.",
                "error",
            )  # fmt: skip
    return None


def learning_at_first(e: Evidence) -> Comment | None:
    if e.iteration >= WARM_UP:
        return None
    return Comment("starting", "Warming up", f"{_scores(e)} after {e.iteration} iterations.", "info")


def missing_modes(e: Evidence) -> Comment | None:
    if e.coverage is None or not 0 < e.coverage.captured <= FEW_MODES * e.coverage.total:
        return None
    if e.coverage.high_quality < SHARP and e.spread >= NARROW:
        return None  # still on its way to the modes
    return Comment(
        "collapsing",
        "Mode collapse",
        f"Only {modes(e.coverage)}, with {e.coverage.high_quality:.0%} of the samples on them: G repeats what works.",
        "warning",
    )


def d_winning(e: Evidence) -> Comment | None:
    real, fake = e.now("score_real"), e.now("score_fake")
    if not (e.probabilistic and real > 1 - 2 * SURE and fake < SURE):
        return None
    shrunk = e.typical("grad_norm_g") / max(e.now("grad_norm_g"), 1e-12)
    gradient = (
        f"G's gradient has shrunk {shrunk:,.0f}-fold, so it hardly learns"
        if shrunk >= 5
        else f"G's gradient has vanished (norm {e.now('grad_norm_g'):.1g})"
        if e.now("grad_norm_g") < VANISHED
        else f"G's gradient norm is still {e.now('grad_norm_g'):.2g}, so it can come back"
    )
    return Comment("d_winning", "D is winning", f"{_scores(e)}; {gradient}.", "warning")


def g_winning(e: Evidence) -> Comment | None:
    real, fake = e.now("score_real"), e.now("score_fake")
    if e.probabilistic and fake > 0.5 + FAIR and fake > real:
        return Comment(
            "g_winning", "D has lost track",
            f"{_scores(e)}: D takes generated samples for the more real ones. Give it more updates or a higher rate.",
            "warning",
        )  # fmt: skip
    return None


def nearly_alike(e: Evidence) -> Comment | None:
    if e.spread >= NARROW:
        return None
    said = f"Samples are nearly alike: they spread {e.spread:.0%} as far as the data."
    return Comment("collapsing", "Mode collapse", said, "warning")


def circling(e: Evidence) -> Comment | None:
    recent = e.history.column("score_fake", 4 * WINDOW)
    swing = float(np.nanstd(recent)) if e.probabilistic and not np.isnan(recent).all() else 0.0
    if swing > SWING:
        low, high = float(np.nanmin(recent)), float(np.nanmax(recent))
        return Comment(
            "circling", "The players circle each other",
            f"D(G(z)) has swung between {low:.2f} and {high:.2f} in the last {len(recent)} iterations.", "warning",
        )  # fmt: skip
    return None


def balanced(e: Evidence) -> Comment | None:
    if not e.probabilistic:
        return None
    if max(abs(e.now("score_real") - 0.5), abs(e.now("score_fake") - 0.5)) > FAIR:
        return None
    covered = "" if e.coverage is None else f"; {modes(e.coverage)}, {e.coverage.high_quality:.0%} high quality"
    said = f"{_scores(e)}: D can barely tell them apart{covered}."
    if e.coverage is not None and e.coverage.captured <= FEW_MODES * e.coverage.total:
        return Comment("off_the_modes", "D is undecided, but modes are missing", said, "info")
    return Comment("balanced", "Balanced", said, "good")


def learning(e: Evidence) -> Comment | None:
    covered = "" if e.coverage is None else f" {modes(e.coverage)}, {e.coverage.high_quality:.0%} high quality."
    if e.loss.plot_sign_d < 0:
        estimate = e.loss.plot_sign_d * e.now("loss_d")
        return Comment(
            "learning", "Learning", f"The critic's estimate of the distance is {estimate:.3g}.{covered}", "good"
        )
    return Comment("learning", "Learning", f"{_scores(e)}.{covered}", "good")


GAN_RULES = (
    starting,
    diverging,
    learning_at_first,
    missing_modes,
    d_winning,
    g_winning,
    nearly_alike,
    circling,
    balanced,
    learning,
)


def _scores(e: Evidence) -> str:
    parts = [("D(x)", e.now("score_real")), ("D(G(z))", e.now("score_fake"))]
    return ", ".join(f"{name} = {value:.2f}" for name, value in parts if not np.isnan(value)) or "no scores yet"
