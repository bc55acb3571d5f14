"""The Experiment: what it takes, what it says when it does not, and that it goes through JSON and links unchanged."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ganlab.experiment import DEFAULTS, LIVE_FIELDS, Experiment, ExperimentError, bounds, fields_of, knob
from ganlab.experiment.choices import GROUPS

FIELDS = Experiment.model_fields
every_field = pytest.mark.parametrize("name", FIELDS)


def values_of(name: str) -> st.SearchStrategy[Any]:
    annotation = FIELDS[name].annotation
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if annotation is bool:
        return st.booleans()
    if annotation is str:
        return st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64)
    low, high = bounds(name)
    if annotation is int:
        return st.integers(int(low), int(high))
    return st.floats(low, high)


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Any fields with any values, but for those that do not go with the ones declared before them."""
    chosen = draw(st.sets(st.sampled_from(list(FIELDS))))
    e = DEFAULTS
    for name in (name for name in FIELDS if name in chosen):
        with suppress(ExperimentError):
            e = e.changed(**{name: draw(values_of(name))})
    return e


@given(experiments())
def test_json_and_links_bring_back_the_same_experiment(e: Experiment) -> None:
    assert Experiment.from_json(e.to_json()) == e
    assert Experiment.from_link(e.to_link()) == e
    assert Experiment.of(**e.differences()) == e
    assert DEFAULTS.changed(**e.differences()) == e


def test_a_link_holds_only_what_differs() -> None:
    assert DEFAULTS.to_link() == ""
    assert (
        Experiment(data="grid", lr_g=3e-4, spectral_norm=True).to_link() == "data:grid,lr_g:0.0003,spectral_norm:true"
    )
    assert Experiment(data="grid").differences(Experiment(data="moons")) == {"data": "grid"}


def test_an_experiment_is_frozen() -> None:
    with pytest.raises(ValidationError):
        DEFAULTS.seed = 1  # type: ignore[misc]


@every_field
def test_every_field_says_what_it_is(name: str) -> None:
    note = knob(name)
    assert note.group in GROUPS
    assert note.label
    assert note.help.endswith(".")
    assert isinstance(note.applies(DEFAULTS), bool)
    if get_origin(FIELDS[name].annotation) is Literal:
        assert tuple(note.choices) == get_args(FIELDS[name].annotation)
        assert all(note.choices.values())
    elif FIELDS[name].annotation is str:
        assert note.allowed
    elif FIELDS[name].annotation is not bool:
        low, high = bounds(name)
        assert low <= getattr(DEFAULTS, name) <= high < float("inf")


def test_groups_hold_every_field_once() -> None:
    assert sorted(name for group in GROUPS for name in fields_of(group)) == sorted(FIELDS)


def test_labels_are_unambiguous_within_a_group() -> None:
    for group in GROUPS:
        labels = [knob(name).label for name in fields_of(group)]
        assert len(labels) == len(set(labels))


def test_what_may_change_while_it_trains() -> None:
    assert {"lr_g", "lr_d", "n_critic", "gp_weight", "r1_weight", "r2_weight", "loss"} <= set(LIVE_FIELDS)
    assert not {"data", "generator", "discriminator", "seed", "batch_size", "device"} & set(LIVE_FIELDS)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"lr_g": 11}, "Learning rate (lr_g) is 11, but must be a number from 1e-07 to 10."),
        ({"lr_d": "fast"}, 'Learning rate (lr_d) is "fast", but must be a number from 1e-07 to 10.'),
        ({"lr_g": float("nan")}, "Learning rate (lr_g) is NaN, but must be a number from 1e-07 to 10."),
        ({"n_critic": 0}, "n_critic (n_critic) is 0, but must be a whole number from 1 to 20."),
        ({"n_critic": 1.5}, "n_critic (n_critic) is 1.5, but must be a whole number from 1 to 20."),
        ({"seed": 2**31}, "Seed (seed) is 2147483648, but must be a whole number from 0 to 2,147,483,647."),
        ({"spectral_norm": 3}, "Spectral norm (spectral_norm) is 3, but must be true or false."),
        ({"g_norm": "group"}, 'Normalisation (g_norm) is "group", but must be one of none, batch, layer.'),
        (
            {"own_data": "../etc"},
            'Own data (own_data) is "../etc", but must be the 64 hexadecimal digits of a SHA-256 digest, or nothing.',
        ),
        ({"image_size": 9}, "Image size (image_size) is 9, but must be one of 0, 8, 16, 28, 32, 64, 100."),
    ],
)
def test_a_bad_value_is_named_with_what_is_allowed(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError) as error:
        Experiment.of(**values)
    assert str(error.value) == sentence


@every_field
@pytest.mark.parametrize("value", [None, [], {}, "nonsense", [[[]]], -1e300, 1e300])
def test_every_field_refuses_nonsense_with_its_name(name: str, value: Any) -> None:
    with pytest.raises(ExperimentError, match=rf"\({name}\) is .* but must be .*\.$"):
        Experiment.of(**{name: value})


def test_an_unknown_setting_is_named_and_the_known_ones_are_listed() -> None:
    with pytest.raises(ExperimentError, match=r'no setting called "learning_rate"\. The settings are: data, .*lr_g'):
        Experiment.of(learning_rate=0.1)
    for name in ("cls", "self", "values"):
        with pytest.raises(ExperimentError, match=f'no setting called "{name}"'):
            Experiment.from_json(json.dumps({name: 1}))
        with pytest.raises(ExperimentError, match=f'no setting called "{name}"'):
            DEFAULTS.changed(**{name: 1})


@pytest.mark.parametrize("role", ["generator", "discriminator"])
def test_dcgan_is_refused_on_points_with_a_way_out(role: str) -> None:
    sentence = f"A DCGAN {role} works on images, but Ring of 8 Gaussians is made of points: choose an MLP {role}"
    with pytest.raises(ExperimentError, match=sentence):
        Experiment.of(**{role: "dcgan"})
    assert getattr(Experiment.of(**{role: "dcgan", "data": "digits"}), role) == "dcgan"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"discriminator": "cnn"}, "A CNN discriminator works on images, .*: choose an MLP discriminator"),
        ({"generator": "r3gan"}, "An R3GAN generator works on images, .*: choose an MLP generator"),
        (
            {"data": "shapes", "image_size": 100, "generator": "stylegan"},
            r"A StyleGAN generator .* 100 \(image_size\) is neither 4 nor 7 times a power of two: "
            "choose 64, or a dense generator",
        ),
        (
            {"data": "shapes", "image_size": 100, "discriminator": "resnet"},
            r"A ResNet discriminator .* 100 \(image_size\) .*: choose 64, or a CNN discriminator",
        ),
        ({"generator": "cnn"}, "must be one of mlp, dense, dcgan, resnet, r3gan, stylegan"),
        ({"discriminator": "stylegan"}, "must be one of mlp, dense"),
    ],
)
def test_networks_that_do_not_fit_are_refused_with_a_way_out(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ExperimentError, match=sentence):
        Experiment.of(**values)


def test_dense_networks_and_a_cnn_take_images_of_100_pixels() -> None:
    e = Experiment.of(data="shapes", image_size=100, generator="dense", discriminator="cnn")
    assert (e.generator, e.discriminator) == ("dense", "cnn")
    assert Experiment.of(image_size=100, data="ring", generator="dense").generator == "dense"


def test_a_batch_that_does_not_divide_into_packs_is_refused_with_one_that_does() -> None:
    sentence = r"puts 3 samples together, but a batch of 256 can.t be divided .* size of 255, or another packing"
    with pytest.raises(ExperimentError, match=sentence):
        Experiment.of(packing=3)
    assert Experiment.of(packing=3, batch_size=255).packing == 3


@pytest.mark.parametrize(("batch_size", "packing"), [(2, 2), (4, 4)])
def test_batch_norm_in_a_d_that_sees_one_pack_is_refused(batch_size: int, packing: int) -> None:
    one = {"batch_size": batch_size, "packing": packing}
    with pytest.raises(ExperimentError, match=rf"one sample of the whole batch of {batch_size}, so BatchNorm in D"):
        Experiment.of(**one, d_norm="batch")
    assert Experiment.of(**one).packing == packing
    assert Experiment.of(batch_size=2 * batch_size, packing=packing, d_norm="batch").packing == packing


def test_settings_without_effect_are_hidden() -> None:
    hidden = {
        "augment": DEFAULTS,
        "augment_cutout": Experiment(data="digits"),
        "augment_target": Experiment(data="digits", augment="always"),
        "cosine_of": DEFAULTS,
        "adversarial_weight": DEFAULTS,
        "feature_matching": Experiment(consensus_weight=1.0),
        "unroll_steps": Experiment(consensus_weight=1.0),
        "self_attention": Experiment(data="digits", generator="stylegan"),
        "style_mixing": Experiment(data="digits", generator="resnet"),
        "pooling": Experiment(data="digits", discriminator="dcgan"),
        "g_norm": Experiment(data="digits", generator="r3gan"),
    }
    assert not any(knob(name).applies(e) for name, e in hidden.items())
    images = Experiment(data="digits", augment="adaptive", cosine_weight=1.0, generator="resnet", discriminator="cnn")
    all_shown = set(hidden) - {"style_mixing"}
    assert all(knob(name).applies(images) for name in all_shown)
    assert knob("style_mixing").applies(images.changed(generator="stylegan"))


@pytest.mark.parametrize(
    "text", ["", "{", "nonsense", "[1]", "3", "null", "[" * 100_000, '{"lr_g": ' + "9" * 5000 + "}"]
)
def test_what_is_no_experiment_in_json_is_an_error_with_a_sentence(text: str) -> None:
    with pytest.raises(ExperimentError, match=r"\.$"):
        Experiment.from_json(text)


@pytest.mark.parametrize("text", ["lr_g", "lr_g:", "lr_g:1,seed", ":", "lr_g:[" + "[" * 100_000, "seed:1e400", "cls:1"])
def test_what_is_no_experiment_in_a_link_is_an_error_with_a_sentence(text: str) -> None:
    with pytest.raises(ExperimentError, match=r"\.$"):
        Experiment.from_link(text)


@given(st.text(max_size=60))
def test_no_link_and_no_json_does_worse_than_an_experiment_error(text: str) -> None:
    for read in (Experiment.from_link, Experiment.from_json):
        with suppress(ExperimentError):
            read(text)
