"""What a single sample adds to a loss, as a formula to put numbers in: each loss is the mean of these over the batch.

In a formula, `real` and `fake` stand for D(x) and D(G(z)) as pages plot them (`Loss.score`): a probability where D's
score is one, otherwise D's output. Other names are the loss's options and what it remembers.
"""

from __future__ import annotations

from collections.abc import Mapping

from ganlab.experiment.loss import LossName

# By the loss's name: a pair's share of D's loss, and of G's.
SHARES: Mapping[LossName, tuple[str, str]] = {
    "minimax": ("-log(real) - log(1 - fake)", "log(1 - fake)"),
    "non_saturating": ("-log(real) - log(1 - fake)", "-log(fake)"),
    "symmetric": ("-log(real) - log(1 - fake)", "-log(1 - real) - log(fake)"),
    "least_squares": ("((real - 1)^2 + fake^2) / 2", "(fake - 1)^2 / 2"),
    "wasserstein": ("fake - real", "-fake"),
    "hinge": ("max(0, 1 - real) + max(0, 1 + fake)", "-fake"),
    "relativistic": ("log(1 + exp(fake - real))", "log(1 + exp(real - fake))"),
    "energy": ("-real + max(0, margin + fake)", "-fake"),
    "began": ("-real + k * fake", "-fake"),
}
CROSS_ENTROPY = "-(1 - smoothing) * log(real) - smoothing * log(1 - real) - log(1 - fake)"
SMOOTHED: Mapping[LossName, str] = {
    "minimax": CROSS_ENTROPY,
    "non_saturating": CROSS_ENTROPY,
    "symmetric": CROSS_ENTROPY,
    "least_squares": "((real - (1 - smoothing))^2 + fake^2) / 2",
}


def share_d(loss: LossName, smoothing: float = 0.0) -> str:
    """The formula of a pair's share of D's loss; empty for a loss that has none here."""
    smoothed = SMOOTHED.get(loss, "") if smoothing > 0 else ""
    return smoothed or SHARES.get(loss, ("", ""))[0]


def share_g(loss: LossName) -> str:
    """The formula of a generated sample's share of G's loss; empty for a loss that has none here."""
    return SHARES.get(loss, ("", ""))[1]
