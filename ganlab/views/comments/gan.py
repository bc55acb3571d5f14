"""How a game of G against D stands."""

from __future__ import annotations

import numpy as np

from ganlab.experiment.sentence import Sentence
from ganlab.views.comments.evidence import (
    CLOSE,
    FAR,
    GROWTH,
    NARROW,
    NEAR,
    NEARLY_ALIKE,
    OF_ONE_CODE,
    SHARP,
    WARM_UP,
    WINDOW,
    Comment,
    Evidence,
    covered,
    has_all_modes,
    is_learning,
    modes,
    says,
    unlike,
)  # fmt: skip

EXPLODING = 1e3  # a loss or gradient norm of this size helps nobody
FEW_MODES = 0.65  # share of the modes: fewer, and modes are missing
BEGUN = 0.1  # share of high-quality samples: as many have never been there before the modes are reached
ASIDE = 0.5  # standard deviations of the data: so far from its middle, samples have gone somewhere
SURE = 0.05  # D's probability of error on both sides, when it is winning
FAIR = 0.15  # how far from 1/2 D's scores may lie in a balanced game
BARELY = 0.25  # ... and how often D scores a real sample above a generated one; scores near 1/2 may yet separate them
VANISHED = 1e-4  # a gradient norm below this moves nothing
SHRUNK = 5.0  # of its first size: a gradient norm that many times smaller
SWING = 0.2  # standard deviation of D's mean score over recent iterations, when the players circle

SCORES = {"real": "D(x) = {real:.2f}", "fake": "D(G(z)) = {fake:.2f}"}
MAGNITUDES = {
    "loss_d": "D's loss",
    "loss_g": "G's loss",
    "grad_norm_d": "D's gradient",
    "grad_norm_g": "G's gradient",
}


def starting(e: Evidence) -> Comment | None:
    if e.iteration == 0:
        return says(
            "untrained", "Nothing learned yet", "info",
            "Press Train: the generator, G, learns to make samples that the discriminator, D, takes for real.",
        )  # fmt: skip
    return None


def diverging(e: Evidence) -> Comment | None:
    if not np.isfinite(e.spread):
        return says("diverging", "Diverging", "error", "The samples are infinite or not numbers.")
    for name, what in MAGNITUDES.items():
        value, before = e.now(name), e.typical(name)
        exploded = abs(value) > EXPLODING
        outgrown = e.iteration > 2 * WARM_UP and abs(value) > GROWTH * max(before, 0.1)
        if abs(value) > before and (exploded or outgrown):
            moved = " has grown to " if value > 0 else " has fallen to "
            return says(
                "diverging", "Diverging", "error",
                what + moved + "{value:.3g} (at first its size was about {before:.2g}). "
                "Lower the learning rates or regularise D.",
                value=value, before=before,
            )  # fmt: skip
    return None


def learning_at_first(e: Evidence) -> Comment | None:
    if e.iteration >= WARM_UP:
        return None
    scores, done = _scores(e), e.iteration
    said = "After {done} iteration: {scores}." if done == 1 else "After {done} iterations: {scores}."
    return says("starting", "Warming up", "info", said, scores=scores, done=done)


def missing_modes(e: Evidence) -> Comment | None:
    if e.coverage is None or not 0 < e.coverage.captured <= FEW_MODES * e.coverage.total or not has_begun(e):
        return None
    if e.coverage.high_quality < SHARP and e.spread >= NARROW:
        return None  # still on its way to the modes
    return says(
        "collapsing", "Mode collapse", "warning",
        "Only {modes}, with {share:.0%} of the samples on them: G repeats the samples that work.",
        modes=modes(e.coverage), share=e.coverage.high_quality,
    )  # fmt: skip


def d_winning(e: Evidence) -> Comment | None:
    real, fake = e.now("score_real"), e.now("score_fake")
    if not (e.probabilistic and real > 1 - 2 * SURE and fake < SURE):
        return None
    gradient = _gradient_of_g(e.now("grad_norm_g"), e.typical("grad_norm_g"))
    said = {"scores": _scores(e), "gradient": gradient}
    return says("d_winning", "D is winning", "warning", "{scores}; {gradient}.", **said)


def _gradient_of_g(norm: float, at_first: float) -> Sentence:
    if norm < VANISHED:
        return Sentence("G's gradient has vanished (norm {norm:.1g}), so it hardly learns", norm=norm)
    if norm * SHRUNK <= at_first:
        told = "G's gradient has shrunk (its norm from {before:.2g} to {norm:.2g}), so it hardly learns"
        return Sentence(told, before=at_first, norm=norm)
    return Sentence("G's gradient norm is still {norm:.2g}, so it can come back", norm=norm)


def g_winning(e: Evidence) -> Comment | None:
    real, fake = e.now("score_real"), e.now("score_fake")
    if e.probabilistic and fake > 0.5 + FAIR and fake > real:
        return says(
            "g_winning", "D is fooled: it rates fakes above real samples", "warning",
            "{scores}: D gives generated samples the higher scores. Give D more updates or a higher learning rate.",
            scores=_scores(e),
        )  # fmt: skip
    return None


def has_begun(e: Evidence) -> bool:
    """Whether G went anywhere: what has not begun has not collapsed.

    At first all samples lie close together in the middle of the data. A G that has collapsed has reached modes, or
    runs after D's highest score with all its samples. Where no modes are known, it once spread wider.
    """
    if e.coverage is None:
        return e.widest >= NARROW
    return max(e.coverage.high_quality, e.best_quality) >= BEGUN or e.offset >= ASIDE


def alike_or_not_begun(e: Evidence) -> Comment | None:
    return _alike(e) if e.spread < NARROW else None


def _alike(e: Evidence) -> Comment:
    near, said = "", {"spread": e.spread}
    if e.coverage is not None:
        near, said["share"] = ", and {share:.0%} of them are near a mode", e.coverage.high_quality
    return says(
        "alike", "The samples are nearly alike", "warning",
        "They spread {spread:.0%} as far as the data" + near + ": G has not spread out yet, or it has collapsed.",
        **said,
    )  # fmt: skip


def one_sample_a_code(e: Evidence) -> Comment | None:
    if not e.spread_of_a_code < OF_ONE_CODE:  # there are none, too
        return None
    return says(
        "one_sample_a_code", "One sample for each code", "warning",
        "Samples of the same code spread {spread:.0%} as far as the data: G reads the code and ignores the noise.",
        spread=e.spread_of_a_code,
    )  # fmt: skip


def not_there_yet(e: Evidence) -> Comment | None:
    if e.coverage is None or has_begun(e) or e.difference <= FAR:
        return None
    return says(
        "not_there_yet", "Not there yet", "info",
        "The samples have not reached the {total} modes so far: {share:.0%} of them are near a mode. {scores}.",
        total=e.coverage.total, share=e.coverage.high_quality, scores=_scores(e),
    )  # fmt: skip


def nearly_alike(e: Evidence) -> Comment | None:
    if e.spread >= NARROW:
        return None
    if has_begun(e):
        return says("collapsing", "Mode collapse", "warning", NEARLY_ALIKE, spread=e.spread)
    return _alike(e) if e.coverage is None else None


def circling(e: Evidence) -> Comment | None:
    recent = e.history.column("score_fake", 4 * WINDOW)
    swing = float(np.nanstd(recent)) if e.probabilistic and not np.isnan(recent).all() else 0.0
    if swing > SWING:
        low, high = float(np.nanmin(recent)), float(np.nanmax(recent))
        return says(
            "circling", "The players circle each other", "warning",
            "D(G(z)) has swung between {low:.2f} and {high:.2f} in the last {count} iterations.",
            low=low, high=high, count=len(recent),
        )  # fmt: skip
    return None


def balanced(e: Evidence) -> Comment | None:
    if not e.probabilistic:
        return None
    off = [abs(e.now(name) - 0.5) for name in ("score_real", "score_fake")]
    if not all(distance <= FAIR for distance in off):  # not measured, either
        return None
    if abs(e.preference - 0.5) > BARELY:
        return None
    undecided = "{scores}: D can barely tell them apart"
    said = {"scores": _scores(e), "unlike": unlike(e)}
    if e.coverage is not None:
        undecided, said["covered"] = undecided + "; {covered}", covered(e.coverage)
    if e.coverage is not None and not has_all_modes(e.coverage):
        headline = "D is undecided, but modes are missing"
        return says("off_the_modes", headline, "info", undecided + ". {unlike}.", **said)
    if e.coverage is not None and e.coverage.high_quality < CLOSE:
        headline = "D is undecided, but the samples are not sharp"
        return says("not_sharp", headline, "info", undecided + ".", **said)
    if e.difference > NEAR:
        headline = "D is undecided, although samples and data differ"
        return says("undecided", headline, "info", undecided + ". {unlike}.", **said)
    return says("balanced", "Balanced", "good", undecided + ". {unlike}.", **said)


def learning(e: Evidence) -> Comment | None:
    measured = _scores(e)
    if e.loss.plot_sign_d < 0:
        estimate = e.loss.plot_sign_d * e.now("loss_d")
        measured = Sentence("The critic's estimate of the distance is {estimate:.3g}", estimate=estimate)
    return is_learning(measured, e)


GAN_RULES = (
    starting,
    diverging,
    learning_at_first,
    missing_modes,
    nearly_alike,
    one_sample_a_code,
    d_winning,
    g_winning,
    alike_or_not_begun,
    not_there_yet,
    circling,
    balanced,
    learning,
)


def _scores(e: Evidence) -> Sentence:
    """D's mean scores; said to be means, since the curves beside them show the last iterations one by one."""
    scores = {"real": e.now("score_real"), "fake": e.now("score_fake")}
    known = {name: score for name, score in scores.items() if not np.isnan(score)}
    if not known:
        return Sentence("No scores yet")
    template = ", ".join(SCORES[name] for name in known)
    if e.iteration < 2:
        return Sentence(template, **known)
    return Sentence(template + " (mean of the last {window} iterations)", **known, window=min(e.iteration, WINDOW))
