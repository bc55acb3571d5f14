"""What probes say against what the networks do, and that asking changes nothing."""

import numpy as np
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.experiment.loss import ENERGY_LOSSES
from ganlab.game.losses import LOSSES
from ganlab.latent import draw_latents
from ganlab.training import rng
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import VIEWS, Probes, ViewSettings, all_names

SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}
DIGITS = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}


ALWAYS = set(VIEWS) - {"naming", "codes"}  # which only conditional runs have
OF_PLANE = {"plane", "optimal_d", "pulls"}
OF_IMAGES = {"samples", "feature_maps", "progress", "classes", "neighbours"}


def probed(iterations: int = 5, **values: object) -> tuple[Trainer, Probes]:
    trainer, history = Trainer(Experiment.of(**{**SMALL, **values})), History()
    for _ in range(iterations):
        trainer.step()
    for rows in trainer.drain():
        history.append(rows)
    return trainer, Probes(trainer, history)


@pytest.mark.parametrize(
    "values",
    [
        {"g_norm": "batch", "spectral_norm": True, "ema_decay": 0.9},
        DIGITS | {"d_norm": "batch"},
        {"packing": 4, "d_minibatch": "discrimination", "lecam_weight": 0.1, "history_weight": 0.1},
        DIGITS | {"packing": 2, "d_minibatch": "stddev", "augment": "adaptive", "d_norm": "batch"},
    ],
)
def test_being_watched_changes_nothing(values: dict) -> None:
    watched, probes = probed(0, **values)
    alone, _ = probed(0, **values)
    for _ in range(6):
        probes.answer(VIEWS)
        watched.step()
        alone.step()
    assert torch.equal(watched.g.theta, alone.g.theta)
    assert torch.equal(watched.d.theta, alone.d.theta)
    for mine, theirs in zip(watched.discriminator.buffers(), alone.discriminator.buffers(), strict=True):
        assert torch.equal(mine, theirs)


@pytest.mark.parametrize("loss", LOSSES)
def test_arrows_point_down_the_generators_actual_loss(loss: str) -> None:
    """Against central differences of the loss of one sample, in float64."""
    network = "autoencoder" if loss in ENERGY_LOSSES else "mlp"
    trainer, probes = probed(loss=loss, discriminator=network, d_activation="tanh")
    plane = probes.answer(["plane", "plane.arrows"])["plane"]
    D = trainer.discriminator.double().eval()
    real = D(probes._inputs.real.double()) if trainer.loss.uses_real else None
    with torch.no_grad():
        for i in range(5):
            for axis in (0, 1):
                step = torch.zeros(1, 2, dtype=torch.float64)
                step[0, axis] = 1e-6
                x = torch.from_numpy(plane["arrows_from"][i : i + 1]).double()
                pair = None if real is None else real[i : i + 1]
                slope = (trainer.loss.g(D(x + step), pair) - trainer.loss.g(D(x - step), pair)) / 2e-6
                assert plane["arrows"][i, axis] == pytest.approx(-float(slope), rel=1e-3, abs=1e-6)


def test_the_surface_is_ds_score_with_the_origin_at_the_lower_left() -> None:
    trainer, probes = probed()
    plane = probes.answer(["plane"])["plane"]
    extent = plane["extent"]
    lower_left, right_of_it = torch.tensor([[-extent, -extent]]), torch.tensor([[extent, -extent]])
    D = trainer.discriminator.eval()
    assert plane["surface"][0, 0] == pytest.approx(torch.sigmoid(D(lower_left)).item(), rel=1e-5)
    assert plane["surface"][0, -1] == pytest.approx(torch.sigmoid(D(right_of_it)).item(), rel=1e-5)
    assert plane["level"] == 0.5


def test_a_d_that_judges_packs_is_asked_about_copies_of_each_point() -> None:
    trainer, probes = probed(packing=3, batch_size=33)
    plane = probes.answer(["plane", "plane.arrows"])["plane"]
    D, extent = trainer.discriminator.eval(), plane["extent"]
    pack = torch.tensor([[extent, -extent] * 3])
    assert plane["surface"][0, -1] == pytest.approx(torch.sigmoid(D(pack)).item(), rel=1e-5)
    point = torch.from_numpy(plane["arrows_from"][:1]).requires_grad_()
    pull = torch.autograd.grad(trainer.loss.g(D(torch.cat([point] * 3, dim=1))), point)[0]
    np.testing.assert_allclose(plane["arrows"][:1], -pull.numpy(), rtol=1e-3, atol=1e-7)
    histograms = probes.answer(["histograms"])["histograms"]
    assert histograms["real"].sum() == pytest.approx(1)
    line = probed(data="mixture_1d", packing=2)[1].answer(["line"])["line"]
    assert np.isfinite(line["score"]).all()


def test_the_cosine_of_ds_responses_is_kept_for_every_iteration_that_was_looked_at() -> None:
    trainer, probes = probed(0, loss="wasserstein")
    for _ in range(3):
        probes.answer(["cosine"])
        kept = probes.answer(["cosine"])["cosine"]
        trainer.step()
    assert kept["x"].tolist() == [0, 1, 2]
    kept = probes.answer(["cosine"])["cosine"]
    real = probes._inputs.real
    D, fake = trainer.discriminator.eval(), trainer.generator.eval()(probes._inputs.latents[: len(real)])
    r, f = D(real).detach().numpy(), D(fake).detach().numpy()
    middle = np.concatenate([r, f]).mean()
    assert kept["outputs"][-1] == pytest.approx(r @ f / np.linalg.norm(r) / np.linalg.norm(f), abs=1e-4)
    r, f = r - middle, f - middle
    assert kept["centred"][-1] == pytest.approx(r @ f / np.linalg.norm(r) / np.linalg.norm(f), abs=1e-4)
    r, f = (D.features(x).detach().numpy().mean(0) for x in (real, fake))
    assert kept["features"][-1] == pytest.approx(r @ f / np.linalg.norm(r) / np.linalg.norm(f), abs=1e-4)


@pytest.mark.parametrize("kind", ["lerp", "slerp"])
def test_the_interpolation_starts_and_ends_at_its_latents(kind: str) -> None:
    trainer, probes = probed()
    probes.book.settings = ViewSettings(interpolation=kind, endpoints=(3, 8))
    path = probes.answer(["interpolation"])["interpolation"]["path"]
    for end, seed in ((path[0], 3), (path[-1], 8)):
        z = draw_latents(1, trainer.experiment, rng.generator(seed, "latents"))
        np.testing.assert_allclose(end, trainer.generator(z).detach().numpy()[0], rtol=1e-4, atol=1e-5)


def test_the_densities_of_the_line_have_area_one() -> None:
    _, probes = probed(data="mixture_1d", latent_dim=1)
    line = probes.answer(["line"])["line"]
    width = line["x"][1] - line["x"][0]
    assert float(line["data"].sum() * width) == pytest.approx(1, abs=0.01)
    assert float(line["samples"].sum() * width) == pytest.approx(1, abs=0.05)


def test_images_are_shown_as_bytes_of_the_right_brightness() -> None:
    trainer, probes = probed(**DIGITS)
    view = probes.answer(["samples"])["samples"]
    assert view["pixels"].shape == (100, 8, 8, 1)
    fake = trainer.generator.eval()(probes._inputs.latents[:1])
    np.testing.assert_allclose(view["pixels"][0, :, :, 0], (fake[0, 0].detach().numpy() + 1) * 127.5, atol=0.51)


def test_d_star_on_the_line_is_the_share_of_the_real_density() -> None:
    trainer, probes = probed(30, data="mixture_1d", latent_dim=1, ema_decay=0.99, label_smoothing=0.2)
    line = probes.answer(["line"])["line"]
    p = sum(np.exp(-0.5 * ((line["x"] - c) / 0.3) ** 2) for c in (-1, 1)) / (2 * 0.3 * np.sqrt(2 * np.pi))
    samples = trainer.generator.eval()(probes._inputs.latents).detach().numpy()[:, 0]  # not the average's
    near = np.abs(line["x"][:, None] - samples[None, :])
    p_g = np.exp(-0.5 * (near / 0.056) ** 2).mean(1) / (0.056 * np.sqrt(2 * np.pi))  # 1.5 bins of 0.0375
    shown = np.isfinite(line["best"])
    np.testing.assert_allclose(line["best"][shown], 0.8 * (p / (p + p_g))[shown], atol=0.03)
    assert not shown[0] and shown.sum() > 40
    assert probed(data="mixture_1d", loss="hinge")[1].answer(["line"])["line"]["best"] is None


def test_a_latent_of_one_dimension_bends_a_line() -> None:
    _, probes = probed(latent_dim=1)
    assert probes.answer(["plane", "plane.warp"])["plane"]["warp"].shape == (15, 1, 2)


def test_parts_of_a_view_are_answered_only_to_whoever_asks_for_them() -> None:
    answer = probed()[1].answer
    alone, with_arrows = answer(["plane"])["plane"], answer(["plane", "plane.arrows", "losses.arrows"])["plane"]
    assert {"warp", "arrows"} == set(alone["parts"])
    assert not {"warp", "arrows"} & alone.keys()
    assert with_arrows.keys() - alone.keys() == {"arrows", "arrows_from"}
    assert {"plane", "plane.warp"} < all_names()


def test_views_that_have_no_meaning_are_left_out() -> None:
    assert set(probed(data="moons")[1].answer(VIEWS)) == ALWAYS - {"line", "phase", "modes", "latent_map"} - OF_IMAGES
    assert set(probed(**DIGITS)[1].answer(VIEWS)) == ALWAYS - OF_PLANE - {"line", "phase", "modes", "latent_map"}
    assert set(probed(data="mixture_1d")[1].answer(VIEWS)) == ALWAYS - OF_PLANE - {"phase", "latent_map"} - OF_IMAGES
    assert "latent_map" in probed(data="ring", latent_dim=2)[1].answer(VIEWS)
    assert probed()[1].answer([]) == {}


def test_the_clock_says_how_long_each_iteration_took_to_reach() -> None:
    _, probes = probed(data="ring")
    probes.logs["clock"].add(50, 0.25)
    assert probes.answer(["clock"])["clock"]["seconds"].tolist() == [0.0, 0.25]


@pytest.mark.parametrize(("weight", "there"), [(0.0, False), (0.1, True)])
def test_a_penalty_that_was_not_measured_is_not_shown(weight: float, there: bool) -> None:
    trainer, history = Trainer(Experiment.of(**SMALL, r1_weight=weight)), History()
    history.append(np.full((3, len(history.scalars)), np.nan, np.float32))
    trainer.step()
    for rows in trainer.drain():
        history.append(rows)
    shown = Probes(trainer, history).answer(["losses"])["losses"]["penalty"]
    assert (shown is not None) is there
