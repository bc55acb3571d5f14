"""The settings on the train page through AppTest: each has its widget, and what it holds reaches the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.experiment import DEFAULTS, IMAGES, Experiment, fields_of, knob
from ganlab.experiment.choices import DATA
from ganlab.experiment.networks import DISCRIMINATORS, GENERATORS, NETWORKS
from ganlab.presets import DEFAULT, PRESETS
from ganlab.runs import State
from ganlab.training.size import parameter_counts
from ganlab.ui import session
from ganlab.ui.fitting import with_what_fits
from ganlab.ui.widgets import LIVE, shown, suggestions, typed
from tests.ui.page import SMALL, choose, opened, run_of, trained, until, widget


@pytest.fixture(autouse=True)
def _no_run_left_behind() -> Iterator[None]:
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def test_every_setting_that_applies_has_a_widget_with_its_label_and_help() -> None:
    app = opened()
    for name in Experiment.model_fields:
        if not knob(name).applies(DEFAULT.experiment):
            assert f"setting_{name}" not in app.session_state["generations"]
            continue
        shown_as = widget(app, f"setting_{name}")
        assert knob(name).label.lower() in shown_as.label.lower()
        assert knob(name).help in shown_as.help
        assert (LIVE in shown_as.label) == knob(name).live


OTHER_VALUES = {
    "threads": 1,
    "data": "moons", "latent_dim": 3, "latent_distribution": "uniform", "batch_size": "64", "g_depth": 1,
    "g_width": "32", "g_activation": "tanh", "g_norm": "layer", "optimizer_g": "rmsprop", "lr_g": "0.0005",
    "beta1_g": "0.9", "beta2_g": "0.99", "schedule_g": "cosine", "ema_decay": "0.99", "d_depth": 3, "d_width": "64",
    "d_activation": "relu", "d_norm": "layer", "spectral_norm": True, "optimizer_d": "sgd", "lr_d": "0.0002",
    "beta1_d": "0", "beta2_d": "0.9", "schedule_d": "linear", "n_critic": 5, "loss": "hinge", "gp_weight": "10",
    "r1_weight": "0.5", "r2_weight": "0.1", "weight_clip": "0.01", "label_smoothing": "0.1", "instance_noise": "0.1",
    "init": "dcgan", "seed": 7, "max_steps": 500, "device": "cpu", "precision": "bf16",
    "zero_gp_weight": "1", "dragan_weight": "10", "lecam_weight": "0.1", "history_weight": "0.01",
    "consensus_weight": "0.1", "feature_matching": "1", "cosine_weight": "0.5", "top_k": "0.5", "unroll_steps": 3,
    "clip_norm_g": "1", "clip_value_g": "0.1", "clip_norm_d": "2", "clip_value_d": "0.2", "packing": 2,
    "d_minibatch": "stddev", "weight_decay_g": "0.01", "weight_decay_d": "0.02", "model": "vae",
    "condition": "projection", "info_categories": 3, "info_continuous": 2,
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_changing_a_setting_reaches_the_run_and_the_address(name: str) -> None:
    app = opened(x=SMALL)
    choose(app, name, OTHER_VALUES[name])
    value = OTHER_VALUES[name]
    expected = typed(value) if isinstance(value, str) and not knob(name).choices else value
    assert getattr(run_of(app).experiment, name) == expected
    assert Experiment.from_link(app.query_params["x"]) == run_of(app).experiment


def test_no_setting_was_forgotten_above() -> None:
    applicable = {name for name in Experiment.model_fields if knob(name).applies(DEFAULTS)}
    assert applicable - {"generator", "discriminator"} == set(OTHER_VALUES)


@pytest.mark.parametrize(
    ("name", "text"), [("lr_g", "quick"), ("lr_g", "100"), ("lr_d", "nan"), ("batch_size", "2.5"), ("g_width", "-3")]
)
def test_a_value_that_makes_no_sense_is_refused_in_a_sentence_and_the_old_one_kept(name: str, text: str) -> None:
    app = opened()
    before = run_of(app)
    choose(app, name, text)
    assert len(app.error) == 1
    sentence = app.error[0].value
    assert knob(name).label in sentence
    assert "must be" in sentence
    assert run_of(app) is before
    assert widget(app, f"setting_{name}").value == shown(name, getattr(DEFAULT.experiment, name))
    app.run()
    assert not app.error, "said once"


def test_a_live_setting_changes_the_run_while_it_trains() -> None:
    app = opened(x=SMALL)
    run = run_of(app)
    run.play()
    until(lambda: run.iteration > 0)
    choose(app, "lr_g", "0.0001")
    assert run_of(app) is run
    assert run.state is State.RUNNING
    until(lambda: bool(run.interventions))
    assert run.interventions[0].values == {"lr_g": 1e-4}
    assert run.interventions[0].iteration > 0


def told(app: AppTest) -> set[str]:
    """All that a page says, and all that its settings show."""
    boxes = (*app.selectbox, *app.toggle, *app.number_input)
    texts = (*app.markdown, *app.caption, *app.latex, *app.error, *app.warning)
    return {f"{box.label}: {box.value}, {box.disabled}" for box in boxes} | {str(text.value) for text in texts}


@pytest.mark.parametrize(
    ("name", "value"),
    [("lr_g", "0.0001"), ("n_critic", 3), ("loss", "hinge"), ("r1_weight", "1"), ("top_k", "0.5")],
)
def test_a_live_change_draws_anew_all_that_it_changes_and_not_the_page(name: str, value: Any) -> None:
    app = opened(x=SMALL)
    trained(app)
    before = told(app)
    choose(app, name, value)
    drawn = told(app)  # by the fragments that ran
    app.run()
    assert told(app) - before <= drawn
    assert len(drawn) < len(told(app))


def test_parameters_of_a_d_that_sees_packs_are_counted_as_such() -> None:
    plain, packed = (parameter_counts(Experiment.of(packing=m, batch_size=64)) for m in (1, 4))
    assert packed["discriminator"] - plain["discriminator"] == 3 * 2 * Experiment().d_width


@pytest.mark.parametrize(("data", "network"), [("mnist_10k", "mlp"), ("digits", "dcgan"), ("shapes", "dcgan")])
def test_networks_follow_the_data_from_points_to_images_and_back(data: str, network: str) -> None:
    app = opened()
    choose(app, "data", data)
    e = run_of(app).experiment
    assert (e.data, e.generator, e.discriminator, e.g_norm) == (data, network, network, "batch")
    choose(app, "data", "spiral")
    assert run_of(app).experiment == DEFAULT.experiment.changed(data="spiral")


def test_who_turns_to_the_digits_of_mnist_first_gets_what_their_preset_has() -> None:
    preset, points = PRESETS["mnist"].experiment, DEFAULT.experiment
    assert next(name for name in DATA if name in IMAGES) == "mnist_10k", "the first images in the menu"
    assert points.changed(**with_what_fits(points, "data", "mnist_10k")) == preset


def test_an_autoencoder_follows_the_data_to_images_as_its_loss_needs_it() -> None:
    for loss, fitting in (("energy", "autoencoder"), ("began", "conv_autoencoder")):
        points = Experiment.of(discriminator="autoencoder", loss=loss)
        on_images = points.changed(**with_what_fits(points, "data", "digits"))
        assert (on_images.generator, on_images.discriminator) == ("dcgan", fitting)
        assert on_images.changed(**with_what_fits(on_images, "data", "ring")).discriminator == "autoencoder"


def test_every_network_can_be_chosen_for_images_and_is_left_with_them() -> None:
    app = opened()
    choose(app, "data", "digits")
    for role, networks in (("generator", GENERATORS), ("discriminator", DISCRIMINATORS)):
        for network in networks:
            if NETWORKS[network].data == "dirac":
                continue
            choose(app, role, network)
            assert not app.exception and not app.error
            assert getattr(run_of(app).experiment, role) == network
            applying = {name for name in fields_of(role) if knob(name).applies(run_of(app).experiment)}
            assert all(widget(app, f"setting_{name}") for name in applying)
    choose(app, "discriminator", "cnn")
    choose(app, "data", "spiral")
    e = run_of(app).experiment
    assert (e.generator, e.discriminator) == ("mlp", "mlp")


def test_an_image_size_that_a_network_can_not_make_is_refused_in_a_sentence() -> None:
    app = opened()
    choose(app, "data", "digits")
    choose(app, "image_size", 100)
    assert "choose 64, or a dense generator" in app.error[0].value
    app.run()
    choose(app, "generator", "dense")
    choose(app, "discriminator", "cnn")
    choose(app, "image_size", 100)
    assert run_of(app).experiment.image_size == 100


def test_a_network_that_does_not_fit_is_refused_in_a_sentence() -> None:
    app = opened()
    choose(app, "generator", "dcgan")
    assert "works on images" in app.error[0].value
    assert run_of(app).experiment == DEFAULT.experiment


@pytest.mark.parametrize("name", [name for name in Experiment.model_fields if knob(name).log])
def test_suggested_values_are_allowed_and_can_be_typed(name: str) -> None:
    assert suggestions(name)
    for value in suggestions(name):
        assert getattr(DEFAULTS.changed(**{name: typed(shown(name, value))}), name) == pytest.approx(value)
