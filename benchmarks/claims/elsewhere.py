"""Texts that no row of the table holds: what proves them otherwise, or why they promise nothing of a run."""

from __future__ import annotations

from collections.abc import Mapping

SETTLES = "tests/benchmarks/test_mode_collapse.py::test_every_seed_of_the_settled_recipe_captured_every_mode"
MNIST = "tests/benchmarks/test_mnist_preset.py"
ENDS = "tests/training/test_dirac_game.py::test_each_preset_ends_as_its_method_does"
COSINE = "test_of_positive_scores_the_cosine_is_never_negative_and_near_1_where_they_differ_little"
PULLS = "tests/game/test_losses.py::test_least_squares_pulls_harder_the_farther_a_logit_is_from_its_target"


def _walk(test: str) -> str:
    return f"tests/presets/test_walkthroughs.py::{test}"


PROVED: Mapping[str, str] = {
    "ring-settled": SETTLES,
    "grid-settled": SETTLES,
    # The Dirac game has no chance in it but for instance noise: one run is all runs.
    "dirac-minimax": ENDS,
    "dirac-non-saturating": ENDS,
    "dirac-wgan": ENDS,
    "dirac-wgan-gp": ENDS,
    "dirac-instance-noise": ENDS,
    "dirac-r1": ENDS,
    "dirac-r1-critical": ENDS,
    "dirac-consensus": ENDS,
    "walk-1-cosine-raw": _walk(COSINE),
    "walk-2-adam": _walk("test_most_gradients_of_d_are_longer_than_the_clip"),
    "walk-3-circle": _walk("test_no_learning_rate_brings_gradient_descent_to_the_middle"),
    "walk-3-too-small": _walk("test_a_small_rate_does_not_make_it_once_round_and_decay_stops_on_the_circle"),
    "walk-3-too-large": _walk("test_far_out_there_is_no_gradient_that_would_bring_the_players_back"),
    "walk-3-decay": _walk("test_a_small_rate_does_not_make_it_once_round_and_decay_stops_on_the_circle"),
    "walk-3-momentum": _walk("test_momentum_throws_the_players_far_out_within_half_a_turn_and_there_they_stay"),
    "walk-3-adam": _walk("test_adams_path_is_no_circle"),
    "walk-5-as-given": _walk("test_noise_as_large_as_the_image_costs_parameters"),
    "mnist": f"{MNIST}::test_every_reported_seed_makes_readable_digits_within_a_minute",
    "mnist-dcgan": f"{MNIST}::test_the_dcgan_has_a_twentieth_of_the_weights_at_most",
    "published-lsgan": PULLS,
    "moons-ls": PULLS,
}
"""By the name of the preset: the test that proves its explanation, by theory or by seeds of its own."""

ASKS = "It asks the reader to look, and foretells nothing."
DESCRIBES = "It says what the settings are or how the method is meant, not what this run will do."

SILENT: Mapping[str, str] = {
    "ring-ns": ASKS,
    "grid": "It compares the data, not what a run does.",
    "mixture-1d": "It says what is drawn.",
    "shapes-dcgan-r1": ASKS,
    "spiral-hinge": ASKS,
    "published-gan": ASKS,
    "published-dcgan": DESCRIBES,
    "published-dcgan-original": DESCRIBES,
    "published-wgan": DESCRIBES,
    "published-wgan-gp-images": DESCRIBES,
    "published-wgan-gp-toy": DESCRIBES,
    "published-dragan": DESCRIBES,
    "published-sngan": DESCRIBES,
    "published-r1": DESCRIBES,
    "published-r3gan": DESCRIBES,
    "published-lightweight": DESCRIBES,
    "published-pacgan": DESCRIBES,
    "published-unrolled": DESCRIBES,
    "published-consensus": DESCRIBES,
    "digits-conditional": ASKS,
    "digits-acgan": ASKS,
    "digits-infogan": ASKS,
    "mnist-conditional": ASKS,
    "walk-1-cosine-features": ASKS,
    "walk-2-sign-right": DESCRIBES,
    "walk-4-wgan": DESCRIBES,
    "walk-4-wgan-gp": DESCRIBES,
    "walk-5-average": DESCRIBES,
    "walk-5-batch-norm": DESCRIBES,
}
"""By the name of the preset: why its explanation says nothing of a run's behaviour."""
