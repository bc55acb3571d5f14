"""The Dirac game as it is played on the page: by the Trainer, with a note of every state, and its field."""

from __future__ import annotations

import numpy as np
import pytest

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.game.losses import LOSSES
from ganlab.presets.dirac import PRESETS, STEPS, game
from ganlab.runs.engine import Engine
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import restore, state_of
from ganlab.training.dirac import LONGEST_TRAIL, DiracTrainer, field
from ganlab.views import VIEWS

# The table that tests/test_dirac.py holds our losses against, alternating 1:1. There G moves first and here D, so
# that what does not converge ends at another place of its orbit.
CONVERGES = {"r1": 2.3e-7, "r1-critical": 7e-17, "consensus": 2.6e-10}
STAYS_AWAY = {"minimax": (1.2, 1.6), "wgan": (0.8, 1.5), "wgan-gp": (1.0, 1.5), "non-saturating": (0.2, 0.35)}
JITTERS = {"instance-noise": 0.06}


def played(experiment: Experiment, steps: int = STEPS) -> DiracTrainer:
    trainer = build_trainer(experiment)
    assert isinstance(trainer, DiracTrainer)
    for _ in range(steps):
        trainer.step()
    return trainer


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_each_preset_ends_as_its_method_does(preset) -> None:
    trainer = played(preset.experiment)
    distance, name = np.hypot(*trainer.state), preset.name.removeprefix("dirac-")
    if name in CONVERGES:
        assert distance == pytest.approx(CONVERGES[name], rel=0.25)
    elif name in STAYS_AWAY:
        low, high = STAYS_AWAY[name]
        assert low < distance < high
    else:
        assert distance < JITTERS[name]


def test_the_trail_holds_every_state_from_the_start_on() -> None:
    trainer = played(game(), 3)
    theta, psi = 1.0, -1.0
    expected = [(0, theta, psi)]
    for step in range(1, 4):
        psi -= 0.2 * theta / (1 + np.exp(-psi * theta))  # D first: grad of -log(1 - D) at theta
        theta -= 0.2 * -psi / (1 + np.exp(-psi * theta))  # then G, against the D that has moved
        expected.append((step, theta, psi))
    np.testing.assert_allclose(trainer.trail, expected, rtol=1e-5)


def test_a_long_trail_is_thinned_and_keeps_its_start() -> None:
    trainer = build_trainer(game())
    assert isinstance(trainer, DiracTrainer)
    for trainer.iteration in range(1, 2 * LONGEST_TRAIL + 2):
        trainer._note()
    assert len(trainer.trail) <= LONGEST_TRAIL
    assert trainer.trail[0][0] == 0


def test_a_restored_game_has_a_path_from_where_it_goes_on() -> None:
    before = played(game(), 300)
    engine = Engine(game())
    assert isinstance(engine.trainer, DiracTrainer)
    restore(engine.trainer, *state_of(before))
    assert engine.trainer.trail == [before.trail[-1]]
    before.step()
    engine.trainer.step()
    assert engine.trainer.trail == before.trail[-2:]
    assert engine.probes.answer(["commentary"])["commentary"]["verdict"] == "starting", "too short a path to judge by"


@pytest.mark.parametrize("loss", [name for name in LOSSES if name not in ENERGY_LOSSES])
@pytest.mark.parametrize(
    "penalty", [{}, {"r1_weight": 0.3}, {"r2_weight": 1.0}, {"gp_weight": 0.7}, {"zero_gp_weight": 0.5}]
)
def test_the_field_is_what_a_step_of_gradient_descent_does(loss: str, penalty: dict[str, float]) -> None:
    e = game(loss=loss, lr_d=1e-3, lr_g=1e-3, **penalty)
    trainer = build_trainer(e)
    trainer.step_g()  # from the start, (1, -1), by one player at a time
    by_theta = (trainer.g.theta.item() - 1.0) / e.lr_g
    trainer = build_trainer(e)
    trainer.step_d()
    by_psi = (trainer.d.theta.item() + 1.0) / e.lr_d
    np.testing.assert_allclose(field(e, LOSSES[loss], np.ones(1), -np.ones(1)), [[by_theta, by_psi]], atol=2e-3)


def test_the_field_of_consensus_is_what_a_step_does() -> None:
    e = game(lr_d=1e-3, lr_g=1e-3, consensus_weight=1.0)
    trainer = build_trainer(e)
    trainer.step()
    moved = (np.array([trainer.g.theta.item(), trainer.d.theta.item()]) - [1, -1]) / 1e-3
    np.testing.assert_allclose(field(e, LOSSES["minimax"], np.ones(1), -np.ones(1))[0], moved, atol=2e-3)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("dirac-minimax", "circling"), ("dirac-r1", "balanced"), ("dirac-non-saturating", "learning")],
)
def test_the_page_says_how_it_ends(name: str, verdict: str) -> None:
    engine = Engine(next(preset.experiment for preset in PRESETS if preset.name == name))
    assert engine.probes.answer(["commentary"])["commentary"]["verdict"] == "untrained"
    for _ in range(STEPS):
        engine.trainer.step()
    engine.settle()
    answers = engine.probes.answer(VIEWS)
    assert answers["commentary"]["verdict"] == verdict
    view = answers["phase"]
    assert view["trail"].shape == (STEPS + 1, 2)
    assert np.abs(view["trail"]).max() < view["extent"]


@pytest.mark.parametrize(
    "values", [{"data": "dirac"}, {"generator": "point"}, {"discriminator": "linear", "data": "digits"}]
)
def test_the_games_parts_go_together(values: dict[str, str]) -> None:
    with pytest.raises(ExperimentError, match="Choose all three"):
        Experiment.of(**values)
