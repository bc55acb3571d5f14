"""The line above the picture: wherever a verdict was given, whether what an onlooker measures agrees.

The judges read samples, held-out data and D's answers to both; the rules read the history and the fixed probes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.claims.observed import Claim, Observations, Verdict

Look = Mapping[str, Any]
Judge = Callable[[Look, float], bool]  # what was seen at a look, and the greatest distance between two looks of the run


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _agrees(verdict: str, judge: Judge, least: float = 0.8, severity: str | None = None) -> Callable[..., Verdict]:
    """At most of the looks at which it was given, in this colour if one is named, the judge agrees."""

    def holds(*runs: Observations) -> Verdict:
        given = agreed = 0
        for run in runs:
            said = run["said"]
            far = [_or(each, 99.0) for each in said["distance"]]
            swing = max(far[1:]) - min(far[1:])
            for i, each in enumerate(said["verdict"]):
                if each == verdict and i and (severity is None or said["severity"][i] == severity):
                    given += 1
                    agreed += judge({name: values[i] for name, values in said.items()}, swing)
        if not given:
            return None, "not said"
        return agreed >= least * given, f"{agreed} of {given} looks"

    return holds


JUDGES: Mapping[str, tuple[str, tuple[str, ...], Judge]] = {
    "balanced": (
        "Balanced: samples are within 0.2 standard deviations of the data.",
        ("circle with R1", "clinic-rates-apart, corrected"),
        lambda look, _: _or(look["distance"], 99) < 0.2,
    ),
    "collapsing": (
        "Mode collapse: samples lie at most on two thirds of the modes, or closer together than the data by half.",
        ("collapse-blobs", "collapse-grid"),
        lambda look, _: _or(look["occupied"], 1) < 0.67 or _or(look["pairwise"], 1) < 0.5,
    ),
    "d_winning": (
        "D is winning: it scores held-out real samples above generated ones, 95 times in 100.",
        ("D hardly opposed", "too much momentum"),
        lambda look, _: _or(look["told"], 0) > 0.95,
    ),
    "undecided": (
        "D is undecided, although samples and data differ: of a real and a generated sample D prefers neither in more "
        "than 80 of 100 pairs, and the samples are more than 0.05 standard deviations from the data.",
        ("digits-dcgan", "clinic-unit-range", "clinic-sigmoid-twice"),
        lambda look, _: 0.2 <= _or(look["told"], 0) <= 0.8 and _or(look["distance"], 0) > 0.05,
    ),
    "off_the_modes": (
        "D is undecided, but modes are missing: D prefers neither in more than 80 of 100 pairs, and the samples are "
        "more than 0.1 standard deviations from the data.",
        ("a narrow latent and R1",),
        lambda look, _: 0.2 <= _or(look["told"], 0) <= 0.8 and _or(look["distance"], 0) > 0.1,
    ),
    "not_sharp": (
        "D is undecided, but the samples are not sharp: as above, though they spread over nine tenths of the modes.",
        ("small batches and R1",),
        lambda look, _: (
            0.2 <= _or(look["told"], 0) <= 0.8 and _or(look["distance"], 0) > 0.1 and _or(look["occupied"], 0) > 0.9
        ),
    ),
    "g_winning": (
        "D is fooled: it scores generated samples above held-out real ones, more often than not.",
        ("D hardly moves", "clinic-rates-apart"),
        lambda look, _: _or(look["told"], 1) < 0.5,
    ),
    "diverging": (
        "Diverging: the samples are more than half of the data's spread away from the data, or no numbers.",
        ("a critic without a leash",),
        lambda look, _: _or(look["distance"], 99) > 0.5,
    ),
    "circling": (
        "The players circle each other: the samples go to and fro by more than a fifth of the data's spread.",
        ("too much momentum",),
        lambda _, swing: swing > 0.2,
    ),
    "not_there_yet": (
        "Not there yet: the samples are more than 0.2 standard deviations from the data.",
        ("clinic-two-activations, corrected", "clinic-wrong-sign, corrected"),
        lambda look, _: _or(look["distance"], 99) > 0.2,
    ),
    "alike": (
        "The samples are nearly alike: they are less than half as far from each other as the data.",
        ("D hardly opposed", "clinic-not-detached"),
        lambda look, _: _or(look["pairwise"], 1) < 0.5,
    ),
    "one_sample_a_code": (
        "One sample for each code: images of one code are less than a third as far from each other as the data.",
        ("digits-infogan",),
        lambda look, _: _or(look["same_code"], 1) < 1 / 3,
    ),
    "posterior_collapse": (
        "Posterior collapse: the samples are less than half as far from each other as the data.",
        ("a VAE that says nothing",),
        lambda look, _: _or(look["pairwise"], 1) < 0.5,
    ),
}

GREEN = Claim(
    "commentary",
    "learning",
    "Learning, in green: the samples are at most half of the data's spread away from the data.",
    ("clinic-one-weight-per-batch, corrected", "ring-wgan-gp", "ring-ebgan"),
    _agrees("learning", lambda look, _: _or(look["distance"], 99) <= 0.5, severity="good"),
    ("said",),
)

CLAIMS = (
    *(
        Claim("commentary", verdict, text, runs, _agrees(verdict, judge), ("said",))
        for verdict, (text, runs, judge) in JUDGES.items()
    ),
    GREEN,
)
