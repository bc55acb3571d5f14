"""What the explanations of presets promise."""

from __future__ import annotations

import numpy as np

from benchmarks.claims.observed import Claim, Observations, Verdict

MORE = ("more",)
SAID = ("said",)


def _distances(run: Observations) -> list[float]:
    """From the samples to the data at each look, over the data's spread; those that are no numbers are far."""
    return [np.inf if far is None else far for far in run["said"]["distance"]]


def modes_are_lost(run: Observations) -> Verdict:
    """At the end at most half of the modes are captured, and samples spread over no more than half of them."""
    more, occupied = run["more"], run["said"]["occupied"][-1]
    so = more["captured"] <= more["of"] / 2
    return so, f"{more['captured']:.0f} of {more['of']:.0f} modes; samples spread over {occupied:.0%} of them"


def much_alike(run: Observations) -> Verdict:
    """On average over the looks, samples are less than half as far from each other as the data are."""
    pairwise = float(np.mean(run["said"]["pairwise"][1:]))
    return pairwise < 0.5, f"samples are {pairwise:.0%} as far from each other as the data"


def modes_are_kept_and_linked(run: Observations) -> Verdict:
    """All modes are captured, and a tenth of the samples or more lies between them."""
    more = run["more"]
    so = more["captured"] == more["of"] and more["high_quality"] < 0.9
    return so, f"{more['captured']:.0f} modes, {more['high_quality']:.0%} good samples"


def all_modes(run: Observations) -> Verdict:
    """At the end every mode is captured."""
    return run["more"]["captured"] == run["more"]["of"], f"{run['more']['captured']:.0f} of {run['more']['of']:.0f}"


def comes_nearer(run: Observations) -> Verdict:
    """In the second half, less than half as far from the data as at the start."""
    first, *looks = _distances(run)
    last = float(np.mean(looks[5:]))
    return last < first / 2, f"distance {first:.2f} at first, then {last:.2f}"


def estimate_falls_with_the_distance(run: Observations) -> Verdict:
    """The critic's estimate and the distance to the data are both smaller in the last quarter than in the first."""
    estimates, looks = [-loss for loss in run["quarters"]["loss_d"]], _distances(run)
    so = estimates[-1] < estimates[0] and looks[-1] < looks[1]
    return so, f"estimate {estimates[0]:.3g} to {estimates[-1]:.3g}, distance {looks[1]:.2f} to {looks[-1]:.2f}"


def some_can_be_read(run: Observations) -> Verdict:
    """At the end at least a quarter of the images can be read as digits; of noise, none can."""
    return run["more"]["readable"] >= 0.25, f"{run['more']['readable']:.0%} can be read"


def softer_than_real(run: Observations) -> Verdict:
    """More pixels are neither dark nor light than of real digits; its loss falls from quarter to quarter."""
    ours, real = run["grey"]
    losses = np.add(*(np.array(run["quarters"][part]) for part in ("reconstruction", "kl")))
    return bool(ours > real and np.all(np.diff(losses) < 0)), f"{ours:.0%} of pixels are grey, {real:.0%} of real ones"


def measure_falls_as_digits_appear(run: Observations) -> Verdict:
    """BEGAN's two energies fall, and readable digits appear."""
    real = [-score for score in run["quarters"]["score_real"]]
    readable = run["more"]["readable"]
    return real[-1] < real[0] and readable >= 0.1, f"E(x) {real[0]:.3g} to {real[-1]:.3g}, {readable:.0%} can be read"


CLAIMS = tuple(
    Claim("preset", name, text, (name,), holds, needs)
    for name, text, holds, needs in (
        (
            "ring-wgan-gp",
            "its estimate falls as samples improve.",
            estimate_falls_with_the_distance,
            SAID,
        ),
        ("digits-dcgan", "some of them can soon be read as digits.", some_can_be_read, MORE),
        ("collapse-blobs", "its samples run, all together, to the blob where D scores highest.", much_alike, SAID),
        ("collapse-grid", "a fast G moves all its samples together", modes_are_lost, MORE),
        ("collapse-stacked", "a fast G without BatchNorm soon makes images that are much alike.", much_alike, SAID),
        ("collapse-digits", "soon all images are much alike, whatever the noise.", much_alike, SAID),
        ("ring-vae", "no mode is lost, but samples lie between the modes, too.", modes_are_kept_and_linked, MORE),
        ("digits-vae", "steady and quick, but soft.", softer_than_real, ()),
        ("ring-ebgan", "samples roll into them.", comes_nearer, SAID),
        ("digits-began", "M, dashed in Losses, falls as digits appear.", measure_falls_as_digits_appear, MORE),
        ("ring-projection", "none can be forgotten.", all_modes, MORE),
    )
)
