"""Questions about latent space, asked of a run as a page asks them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.training.build import build_trainer
from ganlab.training.trainer import Trainer
from ganlab.views.questions import read_question

POINTS = Experiment.of(data="ring", latent_dim=2, g_width=8, d_width=8, batch_size=16)
LINE = Experiment.of(data="mixture_1d", latent_dim=1, g_width=8, d_width=8, batch_size=16)
DIGITS = Experiment.of(
    data="digits", generator="dcgan", discriminator="dcgan", g_norm="batch", g_channels=8, d_channels=8,
    latent_dim=6, batch_size=16, ema_decay=0.9,
)  # fmt: skip
EVERY = (POINTS, LINE, DIGITS)
BY_DATA = pytest.mark.parametrize("e", EVERY, ids=lambda e: e.data)


def ask(trainer: Trainer, **question: Any) -> dict[str, Any]:
    return read_question(json.dumps(question).encode()).answer(trainer)


def trained(e: Experiment, steps: int = 2) -> Trainer:
    trainer = build_trainer(e)
    for _ in range(steps):
        trainer.step()
    return trainer


def latents(n: int, e: Experiment) -> list[list[float]]:
    rows: list[list[float]] = torch.randn(n, e.latent_dim, generator=torch.Generator().manual_seed(5)).tolist()
    return rows


def questions(e: Experiment) -> list[dict[str, Any]]:
    a, b, c = latents(3, e)
    return [
        {"ask": "samples", "latents": [a, b]},
        {"ask": "on_map", "x": -0.5, "y": 2.25, "step": 0.5, "columns": 3, "rows": 2},
        {"ask": "walk", "points": [a, b, c], "way": "spline", "frames": 9, "closed": True},
        {"ask": "slice", "origin": a, "directions": [b, c], "reach": 1.5, "side": 4, "truncation": 0.5},
        {"ask": "plane", "through": "components"},
        {"ask": "sefa", "count": 4},
        {"ask": "ganspace", "count": 4},
        {"ask": "jacobian", "latent": a},
        {"ask": "folding", "latents": [a, b]},
        {"ask": "match", "real": 3},
        {"ask": "match", "real": 3, "latent": a},
        {"ask": "real", "count": 5},
    ]


@BY_DATA
def test_no_question_changes_the_training(e: Experiment) -> None:
    asked, left_alone = trained(e), trained(e)
    for question in questions(e):
        ask(asked, **question)
    for trainer in (asked, left_alone):
        trainer.step()
    assert torch.equal(asked.g.theta, left_alone.g.theta)
    assert torch.equal(asked.d.theta, left_alone.d.theta)
    assert asked.generator.training


@BY_DATA
def test_samples_are_those_of_the_shown_generator_at_rest(e: Experiment) -> None:
    trainer = trained(e)
    z = latents(3, e)
    answer = ask(trainer, ask="samples", latents=z)
    with torch.no_grad():
        expected = trainer.shown.eval()(torch.tensor(z))
    if "points" in answer:
        np.testing.assert_allclose(answer["points"], expected.numpy(), rtol=1e-5, atol=1e-6)
    else:
        bytes_of = ((expected.clamp(-1, 1) + 1) * 127.5).permute(0, 2, 3, 1)
        np.testing.assert_allclose(answer["pixels"], bytes_of.numpy(), atol=0.51)


def test_a_slice_shows_the_latents_that_its_cursor_counts() -> None:
    trainer = trained(POINTS)
    plane = ask(trainer, ask="plane", through="axes")
    origin, (u, v) = plane["origin"], plane["directions"]
    answer = ask(trainer, ask="slice", origin=origin.tolist(), directions=[u.tolist(), v.tolist()], reach=2, side=3)
    corner = ask(trainer, ask="samples", latents=[(origin - 2 * u + 2 * v).tolist()])
    np.testing.assert_allclose(answer["points"][0], corner["points"][0], rtol=1e-5)
    assert answer["grid_rows"] == 3


def test_a_latent_of_one_dimension_gives_a_slice_of_one_row() -> None:
    answer = ask(trained(LINE), ask="slice", origin=[0.0], directions=[[1.0], [0.0]], reach=2, side=7)
    assert answer["points"].shape == (7, 1)


def test_a_walk_tells_how_far_each_step_goes() -> None:
    answer = ask(trained(POINTS), ask="walk", points=latents(2, POINTS), way="lerp", frames=8)
    lengths = np.sqrt((np.diff(answer["points"], axis=0) ** 2).mean(axis=1))
    np.testing.assert_allclose(answer["steps"], lengths, rtol=1e-5)


def test_descent_brings_the_match_nearer() -> None:
    trainer = trained(DIGITS)
    first = ask(trainer, ask="match", real=0)
    better = ask(trainer, ask="match", real=0, latent=first["latents"][0].tolist())
    assert better["error"] < first["error"]


def test_modes_give_directions_to_the_known_centres() -> None:
    trainer = trained(POINTS)
    with torch.no_grad():  # a generator that puts each latent where it is
        for parameter in trainer.generator.parameters():
            parameter.zero_()
        layers = [layer for layer in trainer.generator if isinstance(layer, torch.nn.Linear)]
        for layer in layers:
            layer.weight[:2, :2] = torch.eye(2)
            layer.bias[:2] = 50.0 if layer is not layers[-1] else -50.0 * (len(layers) - 1)
    found = ask(trainer, ask="labels")
    centres = trainer.spec.centres
    assert centres is not None
    for name, vector in zip(found["names"], found["vectors"], strict=True):
        centre = centres[int(name.removeprefix("Mode ")) - 1]
        assert vector @ centre / np.linalg.norm(centre) > 0.9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{", "Invalid JSON"),
        (b"[]", "question"),
        (b'{"ask": "weights"}', "ask"),
        (b'{"ask": "samples", "latents": []}', "latents"),
        (b'{"ask": "samples", "latents": [[NaN, 1]]}', "finite"),
        (b'{"ask": "samples", "latents": [[1e9, 1]]}', "less than or equal"),
        (b'{"ask": "samples", "latents": [[0, 0]], "run": "other"}', "Extra"),
        (b'{"ask": "on_map", "x": 0, "y": 0, "columns": 1000, "rows": 1}', "columns"),
        (b'{"ask": "walk", "points": [[0, 0], [1, 1]], "way": "lerp", "frames": 100000}', "frames"),
    ],
)
def test_what_is_no_question_is_told_so(text: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_question(text)


def test_what_does_not_suit_the_run_is_told_so() -> None:
    points, digits = trained(POINTS, 0), trained(DIGITS.changed(image_size=64), 0)
    with pytest.raises(ValueError, match="has 2 numbers; here is one with 3"):
        ask(points, ask="samples", latents=[[0.0, 0.0, 0.0]])
    with pytest.raises(ValueError, match="at most 1464 samples"):
        ask(digits, ask="slice", origin=[0.0] * 6, directions=[[1.0] * 6, [2.0] * 6], reach=1, side=40)
    with pytest.raises(ValueError, match="three latents, not 1"):
        ask(points, ask="plane", through="points", points=[[0.0, 0.0]])
    with pytest.raises(ValueError, match="no labels"):
        ask(trained(POINTS.changed(data="moons"), 0), ask="labels")


ASKED = DIGITS.changed(condition="projection", info_categories=3, info_continuous=2)


def test_a_conditional_generator_is_asked_with_its_class_and_codes() -> None:
    trainer = trained(ASKED)
    z = latents(2, ASKED)
    codes = {"y": 7, "category": 1, "dials": [0.5, -1.0]}
    answer = ask(trainer, ask="samples", latents=z, codes=codes)
    block = torch.zeros(15)
    block[[7, 11]], block[13:] = 1.0, torch.tensor([0.5, -1.0])
    with torch.no_grad():
        expected = trainer.shown.eval()(torch.cat([torch.tensor(z), block.expand(2, -1)], dim=1))
    bytes_of = ((expected.clamp(-1, 1) + 1) * 127.5).permute(0, 2, 3, 1)
    np.testing.assert_allclose(answer["pixels"], bytes_of.numpy(), atol=0.51)
    for question in questions(ASKED):
        ask(trainer, **question, codes=codes)
    assert not trainer.shown._forward_pre_hooks


@pytest.mark.parametrize(("code", "rows"), [("y", 10), ("category", 3), ("dial", 9)])
def test_a_table_by_code_has_the_same_noise_in_every_row(code: str, rows: int) -> None:
    trainer = trained(ASKED)
    z = latents(4, ASKED)
    table = ask(trainer, ask="by_code", code=code, dial=1, latents=z)
    assert (table["rows"], table["columns"]) == (rows, 4)
    last = {"y": {"y": 9}, "category": {"category": 2}, "dial": {"dials": [0.0, 2.0]}}[code]
    alone = ask(trainer, ask="samples", latents=z, codes=last)
    np.testing.assert_allclose(table["pixels"][-4:].astype(int), alone["pixels"].astype(int), atol=1)


@pytest.mark.parametrize(
    ("codes", "says"),
    [({"y": 10}, "10 values of its class"), ({"category": 3}, "3 values"), ({"dials": [0.0] * 3}, "2 dials, not 3")],
)
def test_codes_that_a_run_has_not_are_told_so(codes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        ask(trained(ASKED, 0), ask="samples", latents=latents(1, ASKED), codes=codes)


@pytest.mark.parametrize("e", [*EVERY, DIGITS.changed(condition="projection")], ids=lambda e: f"{e.data} {e.condition}")
def test_of_samples_to_guess_half_are_real_and_d_s_verdict_is_its_own(e: Experiment) -> None:
    trainer = trained(e, steps=20)
    first, again, other = (ask(trainer, ask="guess", seed=seed) for seed in (3, 3, 4))
    assert first["real"].sum() == 10 and len(first["real"]) == 20
    assert np.array_equal(first["real"], again["real"]) and not np.array_equal(first["real"], other["real"])
    if e.data == "ring":
        near = [np.abs(x - trainer.dataset.spec.centres).max(1).min() < 0.2 for x in first["points"]]
        assert all(near[i] for i in np.flatnonzero(first["real"]))  # what is called real lies on the data's modes
        with torch.no_grad():
            logits = trainer.discriminator.eval()(torch.from_numpy(first["points"]))
        assert np.array_equal(first["says_real"], (logits > 0).numpy())


def test_a_vae_has_nobody_to_guess_against() -> None:
    trainer = build_trainer(POINTS.changed(model="vae"))
    with pytest.raises(ValueError, match="has no discriminator"):
        ask(trainer, ask="guess", seed=1)
