"""What the walk-throughs say of their steps."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from benchmarks.claims.observed import Claim, Observations, Verdict

SEPARATED = 0.5  # D(x) - D(G(z)), from which on a measure of how alike the two are should be small
MOVES = 0.2  # what a cosine moves by, at least, if it follows the game
PARTED = 0.05  # D(x) - D(G(z))


def _last(run: Observations, scalar: str) -> float:
    return float(run["quarters"][scalar][-1])


def raw_cosines_say_little(run: Observations) -> Verdict:
    """Raw, it stays large although D has separated the two; centred, near -1 at every look; of features, it moves."""
    raw, centred, features = (np.array(run["looks"][of][1:]) for of in ("outputs", "centred", "features"))
    separated = run["quarters"]["score_real"][-1] - run["quarters"]["score_fake"][-1] > SEPARATED
    so = separated and raw.min() > 0.5 and centred.max() < -0.8 and np.ptp(features) > MOVES
    shown = (("raw", raw), ("centred", centred), ("features", features))
    return bool(so), "; ".join(f"{name} {values.min():.2f} to {values.max():.2f}" for name, values in shown)


def gradient_goes(saturated: Observations, usual: Observations) -> Verdict:
    """G's gradient is a tenth of what the usual loss gives it, or less."""
    ours, theirs = (_last(run, "grad_norm_g") for run in (saturated, usual))
    return ours < theirs / 10, f"G's gradient {ours:.2g}, with cross-entropy {theirs:.2g}"


def gradient_is_kept(penalty: Observations, saturated: Observations) -> Verdict:
    """G's gradient is ten times as long as with the sigmoid and no penalty."""
    ours, theirs = (_last(run, "grad_norm_g") for run in (penalty, saturated))
    return ours > 10 * theirs, f"G's gradient {ours:.2g}, with the sigmoid and no penalty {theirs:.2g}"


def loss_of_d_falls_without_end(run: Observations) -> Verdict:
    """From quarter to quarter, to below 0, where no sum of two cross-entropies can be; D takes all for real."""
    losses, fooled = run["quarters"]["loss_d"], _last(run, "score_fake")
    so = bool(np.all(np.diff(losses) < 0)) and losses[-1] < 0 and fooled > 0.9
    return so, f"D's loss by quarters {', '.join(f'{loss:.3g}' for loss in losses)}; D(G(z)) {fooled:.2f}"


def descent_leaves_samples_alike(descent: Observations, adam: Observations) -> Verdict:
    """After as many iterations less than half as far from each other as with Adam."""
    ours, theirs = (run["said"]["pairwise"][-1] for run in (descent, adam))
    told = f"samples are {100 * ours:.0f}% as far from each other as the data, with Adam {100 * theirs:.0f}%"
    return 2 * ours < theirs, told


def loss_of_the_vae_falls(run: Observations) -> Verdict:
    """From quarter to quarter."""
    losses = np.add(*(np.array(run["quarters"][part]) for part in ("reconstruction", "kl")))
    return bool(np.all(np.diff(losses) < 0)), f"by quarters {', '.join(f'{loss:,.0f}' for loss in losses)}"


def digits_of_the_vae_are_blurred(run: Observations) -> Verdict:
    """More pixels are neither dark nor light than of real digits."""
    ours, real = run["grey"]
    return ours > real, f"{100 * ours:.0f} % of pixels are grey, {100 * real:.0f} % of real ones"


def players_are_tossed_about(right: Observations, penalty: Observations) -> Verdict:
    """The distance to the ring changes more from look to look than with a penalty, in the second half."""
    ours, theirs = (float(np.std(run["looks"]["sliced_wasserstein"][5:])) for run in (right, penalty))
    return ours > theirs, f"distance to the ring ± {ours:.3f}, with R1 ± {theirs:.3f}"


def penalty_brings_samples_nearer(penalty: Observations, right: Observations) -> Verdict:
    """Nearer to the ring than without it, in the second half."""
    near, far = (float(np.mean(run["looks"]["sliced_wasserstein"][5:])) for run in (penalty, right))
    return near < far, f"distance to the ring {near:.3f}, without R1 {far:.3f}"


def descent_leads_inwards(run: Observations) -> Verdict:
    """Less than half as far from the ring as at the start, at some look."""
    first, *_, last = looks = run["looks"]["sliced_wasserstein"]
    nearest = min(looks)
    return 2 * nearest < first, f"distance at first {first:.3f}, least {nearest:.3f}, at last {last:.3f}"


def players_leap_about(momentum: Observations, descent: Observations) -> Verdict:
    """Farther from the ring at some look than at the start, and than plain gradient descent at any."""
    looks = [math.inf if look is None else look for look in momentum["looks"]["sliced_wasserstein"]]
    first, farthest, theirs = looks[0], max(looks), max(descent["looks"]["sliced_wasserstein"])
    return farthest > max(first, 2 * theirs), f"largest distance {farthest:.2f}, without momentum {theirs:.2f}"


def dense_layers_leave_grains(dense: Observations, convolutional: Observations) -> Verdict:
    """Pixels differ from their neighbours by half as much again as in real images; the DCGAN's excess is not half."""
    ours, theirs = dense["grain"], convolutional["grain"]
    return ours - 1 > max(2 * (theirs - 1), 0.5), f"{ours:.2f} times that of real images, DCGAN {theirs:.2f}"


def costs_more(dear: Observations, cheap: Observations) -> Verdict:
    """CPU time of an iteration."""
    ours, theirs = dear["ms"], cheap["ms"]
    return ours > theirs, f"{ours:.0f} ms an iteration, {theirs:.0f} ms"


def scores_are_not_parted(without: Observations, dropout: Observations) -> Verdict:
    """D(x) - D(G(z)), the largest of the quarters' means, is small in both."""
    ours, theirs = (
        max(np.subtract(run["quarters"]["score_real"], run["quarters"]["score_fake"])) for run in (without, dropout)
    )
    return max(ours, theirs) < PARTED, f"D(x) - D(G(z)) up to {ours:.3f}, with dropout {theirs:.3f}"


def metrics_disagree(*runs: Observations) -> Verdict:
    """Not all metrics put steps 2 to 5 in the same order."""
    better = {"frechet": -1, "kernel": -1, "precision": 1, "coverage": 1}
    orders = {
        name: "".join(str(place + 2) for place in np.argsort([-sign * run["end"][name] for run in runs], kind="stable"))
        for name, sign in better.items()
    }
    figures = ", ".join(f"{name} {order}" for name, order in orders.items())
    return len(set(orders.values())) > 1, f"steps, the best first: {figures}"


def scores_and_gradient_go(given: Observations, usual: Observations) -> Verdict:
    """Both scores near 0, and G's gradient a tenth of what the usual loss gives it, or less."""
    scores = [_last(given, name) for name in ("score_real", "score_fake")]
    ours, theirs = (_last(run, "grad_norm_g") for run in (given, usual))
    so = max(scores) < 0.05 and ours < theirs / 10
    return so, f"scores {scores[0]:.2g} and {scores[1]:.2g}; G's gradient {ours:.1g}, with cross-entropy {theirs:.2g}"


def d_looks_perfect_and_g_runs(given: Observations) -> Verdict:
    """D's loss near 0, and the samples farther from the ring at the end than at the start."""
    loss, looks = _last(given, "loss_d"), given["looks"]["sliced_wasserstein"]
    first, last = looks[0], math.inf if looks[-1] is None else looks[-1]
    return loss < 0.01 and last > first, f"D's loss {loss:.1g}; distance {first:.2f} at first, {last:.2f} at last"


def d_can_not_say_no(given: Observations) -> Verdict:
    """D's logits are never below 0, so that D(x) is one half at least; some pixel is out of range."""
    least, reach = given["more"]["least_logit"], given["more"]["reach"]
    return least >= 0 and reach > 1.2, f"D's least logit {least:.2g}, pixels up to {reach:.1f}"


def far_fewer_parameters(few: Observations, many: Observations) -> Verdict:
    """A tenth of the parameters, or fewer."""
    ours, theirs = few["parameters"], many["parameters"]
    return 10 * ours <= theirs, f"{ours:,} parameters, dense {theirs:,}"


_CLAIMS: tuple[tuple[str, tuple[str, ...], Callable[..., Verdict]], ...] = (
    (
        "Watch both scores go to 0, and G's gradient with them.",
        ("walk-1-as-given", "walk-1-cross-entropy"),
        scores_and_gradient_go,
    ),
    (
        "D's loss goes to 0 and looks perfect, while G runs from the ring.",
        ("walk-3-as-given",),
        d_looks_perfect_and_g_runs,
    ),
    ("D can't say no, pixels leave [-1, 1].", ("walk-4-as-given",), d_can_not_say_no),
    ("with far fewer parameters.", ("walk-4-dcgan", "walk-4-dense"), far_fewer_parameters),
    (
        "Raw scores are all positive, so that their cosine says little; centred, it is near -1 as soon as D separates "
        "the two; that of D's last hidden features moves with the game.",
        ("walk-1-cross-entropy",),
        raw_cosines_say_little,
    ),
    (
        "with a sigmoid at its end and nothing that limits its slope, it saturates, and G's gradient goes with it.",
        ("walk-1-sign-right", "walk-1-cross-entropy"),
        gradient_goes,
    ),
    (
        "G keeps its gradient.",
        ("walk-1-wgan-gp", "walk-1-sign-right"),
        gradient_is_kept,
    ),
    (
        "its loss falls without end, and G has won before it has learned anything.",
        ("walk-2-as-given",),
        loss_of_d_falls_without_end,
    ),
    (
        "Samples stay alike longer than with Adam.",
        ("walk-2-sgd", "walk-2-sign-right"),
        descent_leaves_samples_alike,
    ),
    ("one loss that falls", ("walk-2-vae",), loss_of_the_vae_falls),
    ("blurred digits", ("walk-2-vae",), digits_of_the_vae_are_blurred),
    (
        "the players still throw each other about.",
        ("walk-3-right", "walk-3-penalty"),
        players_are_tossed_about,
    ),
    ("now the samples come to the ring.", ("walk-3-penalty", "walk-3-right"), penalty_brings_samples_nearer),
    (
        "there are ways inwards that two numbers lack.",
        ("walk-3-ring-descent",),
        descent_leads_inwards,
    ),
    ("now they leap about.", ("walk-3-ring-momentum", "walk-3-ring-descent"), players_leap_about),
    (
        "dense layers leave grains, convolutions far fewer.",
        ("walk-4-dense", "walk-4-dcgan"),
        dense_layers_leave_grains,
    ),
    ("more costly than strides.", ("walk-5-max", "walk-5-strided"), costs_more),
    (
        "In D it costs more for each step than a dense layer",
        ("walk-5-strided", "walk-5-strided, dense D"),
        costs_more,
    ),
    ("see what a step costs now.", ("walk-5-100", "walk-5-strided"), costs_more),
    (
        "With dropout or without, 200 iterations have not parted its two scores yet.",
        ("walk-5-no-dropout", "walk-5-strided"),
        scores_are_not_parted,
    ),
    (
        "several metrics, in the chart Quality, behind Scores now: they need not agree.",
        ("walk-5-strided", "walk-5-max", "walk-5-average", "walk-5-no-dropout"),
        metrics_disagree,
    ),
)

_NEEDS = {"walk-4-as-given": ("more",)}
CLAIMS = tuple(
    Claim("walk-through", runs[0].partition(",")[0], text, runs, holds, _NEEDS.get(runs[0], ()))
    for text, runs, holds in _CLAIMS
)
