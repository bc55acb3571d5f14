"""What the tips of settings promise of runs; most only say what a setting is."""

from __future__ import annotations

from benchmarks.claims.observed import Claim, Observations, Verdict


def nearer_to_the_noise_and_more_blurred(larger: Observations, plain: Observations) -> Verdict:
    """With the larger weight, the KL is at most half, and more pixels are grey."""
    kls = [run["quarters"]["kl"][-1] for run in (larger, plain)]
    greys = [run["grey"][0] for run in (larger, plain)]
    said = f"KL {kls[0]:.1f}, at weight 1 {kls[1]:.1f}; {greys[0]:.1%} of pixels are grey, at weight 1 {greys[1]:.1%}"
    return kls[0] <= kls[1] / 2 and greys[0] > greys[1], said


def more_alike(smaller: Observations, plain: Observations) -> Verdict:
    """Over the last looks, samples are closer together with the smaller gamma."""
    apart = [sum(run["said"]["pairwise"][-3:]) / 3 for run in (smaller, plain)]
    said = f"samples are {apart[0]:.0%} as far from each other as the data, with 0.7 {apart[1]:.0%}"
    return apart[0] < apart[1], said


CLAIMS = (
    Claim(
        "tip",
        "kl_weight",
        "Larger: the encoder's latents are more like this noise, but the samples are more blurred.",
        ("digits-vae, KL weight 10", "digits-vae"),
        nearer_to_the_noise_and_more_blurred,
    ),
    Claim(
        "tip",
        "began_gamma",
        "Small: the samples are more alike.",
        ("digits-began, gamma 0.3", "digits-began"),
        more_alike,
        ("said",),
    ),
)
