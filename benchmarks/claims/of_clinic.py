"""What the clinic says of its mistakes, each beside the same run without it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmarks.claims.observed import Claim, Observations, Verdict
from benchmarks.claims.runs import FIXED

Holds = Callable[[Observations, Observations], Verdict]


OUTSIDE = 2.0  # standard deviations from the data, which is beyond the edge of the picture


def _last(run: Observations, scalar: str) -> float:
    return float(run["quarters"][scalar][-1])


def _far(run: Observations) -> float:
    found = run["said"]["distance"][-1]
    return float("inf") if found is None else float(found)


def both_scores_at_one_half(broken: Observations, right: Observations) -> Verdict:
    """In the last quarter both scores are 0.5, the losses 1.39 and 0.69, D never says less, G's gradient is small."""
    real, fake, d, g = (_last(broken, name) for name in ("score_real", "score_fake", "loss_d", "loss_g"))
    ours, theirs, least = _last(broken, "grad_norm_g"), _last(right, "grad_norm_g"), broken["more"]["least_logit"]
    so = max(abs(real - 0.5), abs(fake - 0.5)) < 0.02 and abs(d - 1.386) < 0.03 and abs(g - 0.693) < 0.03
    so = so and least >= 0 and ours < theirs / 10
    return (
        so,
        f"D(x) {real:.3f}, D(G(z)) {fake:.3f}, losses {d:.2f} and {g:.2f}, gradient {ours:.1g}, right {theirs:.1g}",
    )


def units_are_dead(broken: Observations, right: Observations) -> Verdict:
    """A tenth of D's units or more are dead, and none in the right run."""
    ours, theirs = broken["more"]["dead"], right["more"]["dead"]
    gradients = (_last(run, "grad_norm_g") for run in (broken, right))
    said = "G's gradient {:.2g}, right {:.2g}".format(*gradients)
    return ours >= 0.1 and theirs == 0, f"{ours:.0%} of D's units dead, right {theirs:.0%}; {said}"


def speckles(broken: Observations, right: Observations) -> Verdict:
    """Pixels leave [-1, 1], and vary where real images are black; the right run's do neither."""
    ours, theirs = broken["more"], right["more"]
    so = ours["reach"] > 1.2 >= 1 >= theirs["reach"] and ours["black_std"] > 2 * theirs["black_std"]
    return (
        so,
        f"pixels up to {ours['reach']:.1f}; at black ± {ours['black_std']:.2f}, right ± {theirs['black_std']:.2f}",
    )


def falls_without_end(broken: Observations, right: Observations) -> Verdict:
    """D's loss falls from quarter to quarter to far below 0; D calls all real; G's loss and gradient are 0."""
    losses = broken["quarters"]["loss_d"]
    fake, g, gradient = (_last(broken, name) for name in ("score_fake", "loss_g", "grad_norm_g"))
    falls = all(after < before for before, after in pairwise(losses))
    so = falls and losses[-1] < -10 and fake > 0.99 and g < 0.01 and gradient < 1e-3
    return so, f"D's loss {losses[0]:.0f} to {losses[-1]:.0f}, D(G(z)) {fake:.2f}, G's gradient {gradient:.1g}"


def says_yes_and_shrinks(broken: Observations, right: Observations) -> Verdict:
    """D's loss goes to 0, G's rises from quarter to quarter, and the samples shrink to a spot."""
    d, g, spread = _last(broken, "loss_d"), broken["quarters"]["loss_g"], broken["said"]["pairwise"][-1]
    so = d < 0.01 and g[-1] > g[0] and spread < 0.2
    return so, f"D's loss {d:.1g}, G's {g[0]:.3g} to {g[-1]:.3g}; samples spread {spread:.0%} as far as the data"


def scores_part_and_samples_stay(broken: Observations, right: Observations) -> Verdict:
    """D(x) stands away from D(G(z)), and the samples are in a heap, farther from the data than the right run's."""
    apart = _last(broken, "score_real") - _last(broken, "score_fake")
    ours, theirs, spread = _far(broken), _far(right), broken["said"]["pairwise"][-1]
    so = apart > 0.2 and spread < 0.5 and ours > 2 * theirs
    return so, f"scores {apart:.2f} apart; spread {spread:.0%}; distance {ours:.2f}, right {theirs:.2f}"


def one_number_does_little(broken: Observations, right: Observations) -> Verdict:
    """G has more parameters, and one number of z changes an image less than half as much."""
    ours, theirs = broken["more"]["effect"], right["more"]["effect"]
    so = broken["parameters"] > right["parameters"] and ours < theirs / 2
    return so, f"one number of z changes a pixel by {ours:.3f}, right {theirs:.3f}"


def grey_and_uneven(broken: Observations, right: Observations) -> Verdict:
    """Where real images are black, samples are grey and uneven; the right run's are black."""
    ours, theirs = broken["more"], right["more"]
    so = ours["black_mean"] > -0.3 and theirs["black_mean"] < -0.8 and ours["black_std"] > theirs["black_std"]
    return so, f"black is {ours['black_mean']:.2f} ± {ours['black_std']:.2f}, right {theirs['black_mean']:.2f}"


def right_and_no_use(broken: Observations, right: Observations) -> Verdict:
    """D(x) near 1, D(G(z)) near 0, G's loss low, and the samples farther from the data than the right run's."""
    real, fake, g = (_last(broken, name) for name in ("score_real", "score_fake", "loss_g"))
    ours, theirs = _far(broken), _far(right)
    so = real > 0.9 and fake < 0.1 and g < 0.7 and ours > theirs
    return so, f"D(x) {real:.2f}, D(G(z)) {fake:.2f}, G's loss {g:.2f}; distance {ours:.2f}, right {theirs:.2f}"


def flies_away(broken: Observations, right: Observations) -> Verdict:
    """The samples are beyond the picture at some look, and at the end farther from the data than the right run's."""
    ours, theirs = _far(broken), _far(right)
    farthest = max(np.inf if far is None else far for far in broken["said"]["distance"][1:])
    return (
        farthest > OUTSIDE and ours > 2 * theirs,
        f"distance up to {farthest:.1f}, then {ours:.2f}, right {theirs:.2f}",
    )


def rougher(broken: Observations, right: Observations) -> Verdict:
    """The penalty changes more from iteration to iteration, for its size."""
    ours, theirs = broken["more"]["roughness"], right["more"]["roughness"]
    return ours > theirs, f"changes by {ours:.0%} of its size from iteration to iteration, right {theirs:.0%}"


_HOLDS: dict[str, tuple[str, Holds]] = {
    "clinic-sigmoid-twice": ("D(x) and D(G(z)) both go to one half", both_scores_at_one_half),
    "clinic-two-activations": ("Some of D's units are dead", units_are_dead),
    "clinic-output-batch-norm": ("Speckles where real images are always black", speckles),
    "clinic-wrong-sign": ("D's loss falls without end", falls_without_end),
    "clinic-ones-for-both": ("D's loss goes to 0 and looks perfect", says_yes_and_shrinks),
    "clinic-not-detached": ("D(x) moves away from D(G(z)) and stays there", scores_part_and_samples_stay),
    "clinic-noise-as-large-as-the-image": ("what one number of z does to an image", one_number_does_little),
    "clinic-unit-range": ("Samples on a grey ground that is never quite even", grey_and_uneven),
    "clinic-mixed-batches": ("D(x) goes to 1 and D(G(z)) to 0", right_and_no_use),
    "clinic-rates-apart": ("The samples fly past the ring and out of the picture", flies_away),
    "clinic-one-weight-per-batch": ("The penalty's curve is rougher than in the right run", rougher),
}

CLAIMS = tuple(
    Claim("clinic", name, text, (name, name + FIXED), holds, ("said", "more")) for name, (text, holds) in _HOLDS.items()
)
