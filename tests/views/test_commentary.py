"""Each rule of the commentary on a run that shows what it names."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from ganlab.experiment import Experiment
from ganlab.experiment.sentence import Sentence, Value
from ganlab.game.losses import LOSSES
from ganlab.metrics.modes import Coverage
from ganlab.presets import PRESETS
from ganlab.training.build import build_trainer
from ganlab.training.history import SCALARS, History
from ganlab.views import Probes
from ganlab.views.commentary import preference
from ganlab.views.comments.evidence import Evidence, comment
from ganlab.views.comments.gan import GAN_RULES
from ganlab.views.inputs import Inputs, moment

SMALL = {"g_width": 32, "d_width": 32, "batch_size": 64, "latent_dim": 4}


def said_after(iterations: int, first_look: int | None = None, **values: object) -> dict[str, str]:
    """What is said of a real run after so many iterations, to someone who may have looked before."""
    trainer = build_trainer(Experiment.of(**{**SMALL, **values}))
    history = History(trainer.scalars)
    probes, said = Probes(trainer, history), {}
    for look in [iterations] if first_look is None else [first_look, iterations]:
        while trainer.iteration < look:
            trainer.step()
        for rows in trainer.drain():
            history.append(rows)
        said = probes.answer(["commentary"])["commentary"]
    return said


def test_before_training() -> None:
    assert said_after(0)["verdict"] == "untrained"


def test_the_first_iterations() -> None:
    assert said_after(40)["verdict"] == "starting"
    assert said_after(1)["evidence"].startswith("After 1 iteration: D(x) = ")


def test_its_figures_are_those_of_the_cards_beside_it_and_means_are_called_so() -> None:
    trainer, history = build_trainer(Experiment.of(**SMALL, lr_g=3e-3, lr_d=3e-3)), History(SCALARS)
    probes = Probes(trainer, history)
    for _ in range(700):
        trainer.step()
    for rows in trainer.drain():
        history.append(rows)
    said = probes.answer(["commentary", "modes"])
    values, modes = figures(said["commentary"]["evidence"]), said["modes"]
    assert values["captured"] == modes["captured"][-1] and values["total"] == modes["total"]
    assert values["share"] == pytest.approx(modes["high_quality"][-1])
    assert values["real"] == pytest.approx(history.column("score_real")[-50:].mean())
    assert "(mean of the last 50 iterations)" in said["commentary"]["evidence"]


def figures(sentence: Sentence) -> dict[str, Value]:
    """All values of a sentence and of those within it."""
    inner = [figures(value) for value in sentence.values.values() if isinstance(value, Sentence)]
    return dict(sentence.values) | {name: value for found in inner for name, value in found.items()}


def test_d_is_winning_when_g_hardly_moves() -> None:
    said = said_after(600, lr_g=1e-6, lr_d=5e-3, loss="minimax")
    assert said["verdict"] == "d_winning"
    assert "D(G(z)) = 0.0" in said["evidence"]
    assert "G's gradient has" in said["evidence"] and "so it hardly learns" in said["evidence"]


def test_a_saturating_loss_shrinks_gs_gradient_and_the_non_saturating_one_does_not() -> None:
    said = said_after(600, lr_g=1e-6, lr_d=5e-3, loss="non_saturating")
    assert said["verdict"] == "d_winning"
    assert "can come back" in said["evidence"]


def test_collapse_onto_few_modes() -> None:
    said = said_after(750, **PRESETS["collapse-grid"].experiment.differences())
    assert said["verdict"] == "collapsing", said
    assert said["severity"] == "warning"


def test_divergence_of_a_critic_without_a_leash() -> None:
    said = said_after(400, loss="wasserstein", lr_d=0.05, lr_g=1e-4)
    assert said["verdict"] == "diverging"
    assert said["severity"] == "error"


def test_d_has_lost_track_when_it_hardly_moves() -> None:
    assert said_after(400, lr_d=1e-6, lr_g=1e-2, data="moons")["verdict"] == "g_winning"


def test_a_balanced_game() -> None:
    said = said_after(1000, data="circle", r1_weight=0.1, ema_decay=0.99, batch_size=128, latent_dim=2)
    assert said["verdict"] == "balanced", said
    assert said["severity"] == "good"


def test_a_critics_estimate_is_reported_positive() -> None:
    said = said_after(400, loss="wasserstein", gp_weight=1.0, n_critic=3)
    assert said["verdict"] == "learning"
    assert "estimate of the distance is 0." in said["evidence"]


def test_players_with_too_much_momentum_circle() -> None:
    fast = {"lr_g": 2e-3, "lr_d": 2e-3, "beta1_g": 0.95, "beta1_d": 0.95}
    assert said_after(300, data="moons", loss="minimax", **fast)["verdict"] == "circling"


def test_samples_that_are_nearly_alike_are_a_collapse() -> None:
    fast = {"lr_g": 5e-3, "lr_d": 5e-3, "beta1_g": 0.9, "beta1_d": 0.9}
    said = said_after(500, first_look=120, data="line", **fast)
    assert said["verdict"] == "collapsing", said
    assert "nearly alike" in said["evidence"]


def test_of_samples_alike_from_the_start_no_collapse_and_no_winner_is_told() -> None:
    """As those of a StyleGAN whose D has won: nobody has seen them apart."""
    history = history_of(score_real=np.full(400, 0.99), score_fake=np.full(400, 0.01))
    for widest, verdict in ((0.02, "alike"), (0.8, "collapsing")):
        evidence = Evidence(history, LOSSES["non_saturating"], 400, None, 0.02, 0.3, widest=widest)
        assert comment(evidence, GAN_RULES)["verdict"] == verdict


def test_one_image_for_each_code_is_neither_balanced_nor_learning() -> None:
    assert said_of(spread_of_a_code=0.07)["verdict"] == "one_sample_a_code"
    assert said_of(spread_of_a_code=0.8)["verdict"] == "balanced"
    assert said_after(160, **PRESETS["digits-infogan"].experiment.differences())["verdict"] == "one_sample_a_code"


def test_a_gradient_that_shrank_is_told_by_its_norms_however_far_it_fell() -> None:
    norms = np.full(400, 1e9)
    norms[200:] = 2e-4
    history = history_of(score_real=np.full(400, 0.99), score_fake=np.full(400, 0.01), grad_norm_g=norms)
    said = comment(Evidence(history, LOSSES["minimax"], 400, None, 1.0, 0.3), GAN_RULES)
    assert "(its norm from 1e+09 to 0.0002)" in str(said["evidence"])


def history_of(**columns: np.ndarray) -> History:
    rows = np.full((400, len(SCALARS)), 0.5, np.float32)
    for name, values in columns.items():
        rows[:, SCALARS.index(name)] = values
    history = History()
    history.append(rows)
    return history


def test_circling_players() -> None:
    """A full swing every 40 iterations, as the Dirac game shows it."""
    swing = 0.5 + 0.45 * np.sin(np.arange(400) * 2 * np.pi / 40)
    history = history_of(score_fake=swing, score_real=1 - swing)
    said = comment(Evidence(history, LOSSES["minimax"], 400, None, 1.0, 0.0), GAN_RULES)
    assert said["verdict"] == "circling"
    assert "between 0.05 and 0.95 in the last 200 iterations" in said["evidence"]


def coverage_of(captured: int, high_quality: float) -> Coverage:
    counts = np.zeros(8, np.int64)
    return Coverage(
        captured=captured, needed=9, touched=captured, total=8, high_quality=high_quality, reverse_kl=0.5, counts=counts
    )


def said_of(coverage: Coverage | None = None, spread: float = 1.0, difference: float = 0.0, **more: Any) -> Any:
    """What is said of a game in which D is undecided, and of samples that are so."""
    evidence = Evidence(history_of(), LOSSES["non_saturating"], 400, coverage, spread, difference, **more)
    return comment(evidence, GAN_RULES)


def test_balanced_needs_samples_that_are_near_the_data_not_an_undecided_d_alone() -> None:
    assert said_of(difference=0.002)["severity"] == "good"
    for coverage in (None, coverage_of(8, 0.97)):
        said = said_of(coverage, difference=0.05)
        assert (said["verdict"], said["severity"]) == ("undecided", "info")


@pytest.mark.parametrize("preference", [0.02, 0.95])
def test_a_d_that_separates_them_with_scores_near_one_half_is_not_undecided(preference: float) -> None:
    assert said_of(difference=0.0, preference=0.6)["verdict"] == "balanced"
    assert said_of(difference=0.0, preference=preference)["verdict"] == "learning"


def test_how_often_d_prefers_a_real_sample_is_what_mann_and_whitney_count() -> None:
    trainer = build_trainer(Experiment.of(**SMALL))
    for _ in range(20):
        trainer.step()
    with moment(Inputs(trainer)) as now:
        real, fake = (logits.numpy() for logits, _ in now.responses)
        assert preference(now) == pytest.approx(mannwhitneyu(real, fake).statistic / (len(real) * len(fake)), abs=1e-6)
        assert preference(now) > 0.55


def test_where_scores_were_not_measured_nothing_is_balanced() -> None:
    unmeasured = np.full(400, np.nan)
    for scores in ({"score_fake": unmeasured}, {"score_real": unmeasured, "score_fake": unmeasured}):
        evidence = Evidence(history_of(**scores), LOSSES["non_saturating"], 400, None, 1.0, 0.0)
        assert comment(evidence, GAN_RULES)["verdict"] == "learning"


def test_what_has_never_reached_a_mode_has_not_collapsed() -> None:
    for by_chance in (coverage_of(0, 0.0), coverage_of(1, 0.01)):
        assert said_of(by_chance, spread=0.2, difference=0.3)["verdict"] == "alike"
    assert said_of(coverage_of(0, 0.0), spread=0.9, difference=0.3)["verdict"] == "not_there_yet"
    for begun in ({"best_quality": 0.6}, {"offset": 0.9}):
        assert said_of(coverage_of(0, 0.0), spread=0.2, difference=0.3, **begun)["verdict"] == "collapsing"


def test_learning_is_green_only_near_the_data() -> None:
    hinge = LOSSES["hinge"]
    near, far = (comment(Evidence(history_of(), hinge, 400, None, 1.0, d), GAN_RULES) for d in (0.01, 0.3))
    assert (near["verdict"], near["severity"]) == ("learning", "good")
    assert (far["verdict"], far["severity"]) == ("learning", "info")


@pytest.mark.parametrize(("end", "word"), [(5e4, "grown"), (-5e4, "fallen")])
def test_divergence_says_which_way_a_loss_went(end: float, word: str) -> None:
    said = comment(
        Evidence(history_of(loss_d=np.linspace(0, end, 400)), LOSSES["wasserstein"], 400, None, 1.0, 0.1), GAN_RULES
    )
    assert said["verdict"] == "diverging"
    assert f"D's loss has {word} to" in str(said["evidence"])


def test_a_large_loss_that_falls_is_no_divergence() -> None:
    falling = history_of(loss_d=np.geomspace(1.4e6, 5.9e4, 400))
    said = comment(Evidence(falling, LOSSES["wasserstein"], 400, None, 1.0, 0.1), GAN_RULES)
    assert said["verdict"] != "diverging"


@pytest.mark.parametrize(
    ("captured", "high_quality", "verdict"), [(3, 0.9, "collapsing"), (8, 0.9, "balanced"), (3, 0.1, "off_the_modes")]
)
def test_missing_modes_are_a_collapse_only_once_samples_are_sharp(
    captured: int, high_quality: float, verdict: str
) -> None:
    assert said_of(coverage_of(captured, high_quality), spread=0.9)["verdict"] == verdict


@pytest.mark.parametrize(
    ("captured", "high_quality", "verdict"), [(8, 0.1, "not_sharp"), (8, 0.8, "not_sharp"), (7, 0.95, "off_the_modes")]
)
def test_what_lies_near_the_data_on_the_whole_is_not_called_as_near_as_real_samples(
    captured: int, high_quality: float, verdict: str
) -> None:
    hinge, covered = LOSSES["hinge"], coverage_of(captured, high_quality)
    said = comment(Evidence(history_of(), hinge, 400, covered, 1.0, 0.0), GAN_RULES)
    assert said["verdict"] == "learning" and "but not as closely as other real samples do" in said["evidence"]
    assert said_of(covered)["verdict"] == verdict


def test_samples_that_are_no_numbers() -> None:
    said = comment(Evidence(history_of(), LOSSES["non_saturating"], 400, None, float("nan"), float("nan")), GAN_RULES)
    assert (said["verdict"], said["severity"]) == ("diverging", "error")
