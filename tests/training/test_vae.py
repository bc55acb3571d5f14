"""The VAE: its update, what it learns, what is shown of it, and that it runs wherever a GAN does."""

from __future__ import annotations

import copy
import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from ganlab.command.headless import train
from ganlab.data import shape_of
from ganlab.experiment import Experiment, ExperimentError, fields_of, knob
from ganlab.experiment.networks import DISCRIMINATORS, NETWORKS
from ganlab.game.elbo import gaussian_kl, gaussian_nll
from ganlab.networks import build_discriminator, build_encoder, build_generator, parameter_count
from ganlab.runs import Run, State
from ganlab.runs.replay import replay
from ganlab.runs.state import Intervention
from ganlab.training.build import build_trainer
from ganlab.training.checkpoint import restore_what_fits, state_of
from ganlab.training.history import VAE_SCALARS, History
from ganlab.training.trainer import Trainer
from ganlab.training.vae import VAETrainer
from ganlab.views import Probes, all_names
from ganlab.views.comments.evidence import Evidence, comment
from ganlab.views.comments.vae import VAE_RULES

SMALL = {"model": "vae", "g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 2}
DIGITS = SMALL | {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}


def small(**values: object) -> Experiment:
    return Experiment.of(**{**SMALL, **values})


def test_the_model_chooses_the_trainer_and_leaves_the_decoder_as_the_gans_generator() -> None:
    vae, gan = build_trainer(small()), build_trainer(small(model="gan"))
    assert type(vae) is VAETrainer
    assert type(gan) is Trainer
    assert torch.equal(vae.g.theta, gan.g.theta)


@pytest.mark.parametrize("network", [name for name in DISCRIMINATORS if "minibatch" in NETWORKS[name].settings])
@pytest.mark.parametrize("spectral_norm", [False, True])
def test_encoders_are_discriminators_whose_last_layer_is_widened(network: str, spectral_norm: bool) -> None:
    e = Experiment.of(
        **DIGITS | {"discriminator": network, "latent_dim": 5, "spectral_norm": spectral_norm, "d_minibatch": "stddev"}
    )
    shape, rng = shape_of(e), torch.Generator().manual_seed(0)
    encoder = build_encoder(e, shape, rng).eval()
    mean, log_variance = encoder(torch.randn(3, *shape, generator=rng))
    assert mean.shape == log_variance.shape == (3, 5)
    judge = build_discriminator(e.changed(d_minibatch="none"), shape, rng)
    *_, last, _ = judge
    assert parameter_count(encoder) == parameter_count(judge) + 9 * parameter_count(last)


def test_one_step_is_one_step_of_adam_on_minus_the_bound_for_both_networks() -> None:
    e = small(kl_weight=0.7, decoder_std=0.2, lr_g=0.01, lr_d=0.003)
    trainer = build_trainer(e)
    assert isinstance(trainer, VAETrainer)
    encoder, decoder = copy.deepcopy(trainer.encoder), copy.deepcopy(trainer.generator)
    chance = torch.Generator()
    chance.set_state(trainer.chance["latents"].get_state())
    x = build_trainer(e)._real()
    trainer.step()

    mean, log_variance = encoder(x)
    z = mean + torch.exp(log_variance / 2) * torch.randn(mean.shape, generator=chance)
    reconstruction, kl = gaussian_nll(x, decoder(z), 0.2).mean(), gaussian_kl(mean, log_variance).mean()
    (reconstruction + 0.7 * kl).backward()
    for network, lr in ((encoder, 0.003), (decoder, 0.01)):
        torch.optim.Adam(network.parameters(), lr, (0.5, 0.999)).step()
    assert torch.allclose(nn.utils.parameters_to_vector(encoder.parameters()), trainer.d.theta, atol=1e-6)
    assert torch.allclose(nn.utils.parameters_to_vector(decoder.parameters()), trainer.g.theta, atol=1e-6)
    assert trainer.drain()[0][0, :2] == pytest.approx([reconstruction.item(), kl.item()], rel=1e-5)


def test_a_step_of_one_network_leaves_the_other_as_it_was() -> None:
    trainer = build_trainer(small(ema_decay=0.9))
    before = trainer.g.theta.clone(), trainer.d.theta.clone()
    trainer.step_d()
    assert torch.equal(trainer.g.theta, before[0])
    assert not torch.equal(trainer.d.theta, before[1])
    between = trainer.d.theta.clone()
    trainer.step_g()
    assert torch.equal(trainer.d.theta, between)
    assert not torch.equal(trainer.g.theta, before[0])
    assert np.isfinite(trainer.drain()[0]).all()


def test_it_learns_the_ring() -> None:
    trainer = build_trainer(Experiment.of(model="vae", latent_dim=2, g_width=32, d_width=32, batch_size=128))
    history, probes = History(trainer.scalars), None
    for _ in range(600):
        trainer.step()
    for rows in trainer.drain():
        history.append(rows)
    loss = history.rows()[:, :2].sum(1)
    assert loss[-50:].mean() < 0.1 * loss[:5].mean()
    probes = Probes(trainer, history)
    coverage = probes.coverage()
    assert coverage is not None and coverage.touched == 8


@pytest.mark.parametrize("values", [SMALL, SMALL | {"data": "mixture_1d", "latent_dim": 1}, DIGITS])
def test_only_views_with_a_meaning_are_answered(values: dict[str, object]) -> None:
    trainer = build_trainer(Experiment.of(**values))
    history = History(trainer.scalars)
    trainer.step()
    history.append(trainer.drain()[0])
    before = state_of(trainer)[0]
    views = Probes(trainer, history).answer(all_names())
    assert not {"scores", "histograms", "cosine"} & views.keys()
    assert {"losses", "gradients", "interpolation", "commentary"} <= views.keys()
    assert views["losses"]["loss"] == pytest.approx(views["losses"]["reconstruction"] + views["losses"]["kl"])
    shown = views.get("plane") or views.get("line") or views["samples"]
    assert not {"surface", "arrows", "score"} & shown.keys()
    after = state_of(trainer)[0]
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_reconstructions_are_decoded_means() -> None:
    trainer = build_trainer(small())
    assert isinstance(trainer, VAETrainer)
    probes = Probes(trainer, History(trainer.scalars))
    plane = probes.answer(["plane"])["plane"]
    with torch.no_grad():
        mean, _ = trainer.encoder(torch.from_numpy(plane["real"]))
        assert torch.allclose(torch.from_numpy(plane["reconstructed"]), trainer.generator(mean), atol=1e-6)


def test_settings_without_an_effect_are_not_shown_and_have_none() -> None:
    vae = small()
    shown = {name for name in Experiment.model_fields if knob(name).applies(vae)}
    assert {"model", "kl_weight", "decoder_std"} == shown & set(fields_of("loss"))
    assert not shown & {"n_critic", "packing", "d_minibatch", "augment", "top_k", "unroll_steps", "mistake"}
    assert not {"kl_weight", "decoder_std"} & {n for n in Experiment.model_fields if knob(n).applies(Experiment())}
    odd = vae.changed(n_critic=5, packing=2, weight_clip=0.01, r1_weight=1.0, loss="wasserstein", d_minibatch="stddev")
    trainers = build_trainer(vae), build_trainer(odd)
    for trainer in trainers:
        trainer.step()
    assert torch.equal(trainers[0].g.theta, trainers[1].g.theta)
    assert torch.equal(trainers[0].d.theta, trainers[1].d.theta)


def test_uniform_latents_are_refused_in_a_sentence() -> None:
    with pytest.raises(ExperimentError, match="its latents must be Gaussian"):
        small(latent_distribution="uniform")


def test_an_autoencoder_is_no_encoder() -> None:
    with pytest.raises(ExperimentError, match="choose another discriminator"):
        small(discriminator="autoencoder")


def test_a_changed_run_replays_to_the_same_bits() -> None:
    run = Run(small())
    for command in (run.step, run.step_d, lambda: run.change(kl_weight=4.0, decoder_std=0.3), run.step_g, run.step):
        command()
        run.obey()
    theta = run.ask(lambda trainer: trainer.g.theta.clone())
    run.obey()
    assert [taken.kind for taken in run.interventions] == ["step_d", "change", "step_g"]
    asked = run.record()
    run.obey()
    record = asked.result(timeout=0)
    again = replay(record)
    assert torch.equal(again.g.theta, theta.result(timeout=0))
    plain = replay(replace(record, interventions=(Intervention(1, "step_d"), Intervention(2, "step_g"))))
    assert not torch.equal(plain.g.theta, theta.result(timeout=0))


def test_a_run_that_breaks_says_what_broke_and_keeps_its_last_good_weights() -> None:
    run = Run(small(optimizer_g="sgd", optimizer_d="sgd", lr_g=10.0, lr_d=10.0, decoder_std=1e-3))
    run.play()
    run.obey()
    for _ in range(200):
        run.turn(0.01)
        if run.state is State.FAILED:
            break
    assert run.state is State.FAILED
    assert run.message is not None
    assert "became" in run.message and "are kept" in run.message


def test_it_trains_without_a_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train(small(max_steps=5), tmp_path) == 0
    with (tmp_path / "history.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert tuple(rows[0]) == ("iteration", *VAE_SCALARS)
    assert len(rows) == 6
    assert "KL" in capsys.readouterr().err


def told(reconstruction: float, kl: float, iterations: int = 400, spread: float = 1.0) -> str:
    history = History(VAE_SCALARS)
    history.append(np.tile(np.array([reconstruction, kl, 1.0, 1.0], np.float32), (iterations, 1)))
    trainer = Trainer(Experiment.of(g_width=4, d_width=4))
    return comment(Evidence(history, trainer.loss, iterations, None, spread, 0.0), VAE_RULES)["verdict"]


def test_the_commentary_knows_how_a_vae_fails() -> None:
    assert told(1.0, 3.0) == "learning"
    assert told(1.0, 0.01) == "posterior_collapse"
    assert told(1.0, 3.0, spread=0.1) == "averaging"
    assert told(1.0, 3.0, spread=float("nan")) == "diverging"
    assert told(1.0, 3.0, iterations=20) == "starting"
    assert told(float("nan"), float("nan")) == "learning", "its losses were not measured: it came trained"


def test_a_decoder_that_must_be_exact_to_ten_units_collapses() -> None:
    trainer = build_trainer(small(decoder_std=10.0, lr_d=0.01))
    for _ in range(300):
        trainer.step()
    assert trainer.drain()[-1][-1, 1] < 0.1


def test_the_generator_of_the_same_experiment_is_the_same_network() -> None:
    e = Experiment.of(**DIGITS)
    networks = [build_generator(e.changed(model=model), shape_of(e), torch.Generator()) for model in ("gan", "vae")]
    assert str(networks[0]) == str(networks[1])


def test_a_fork_goes_on_as_a_vae_and_starts_afresh_as_a_gan() -> None:
    parent = build_trainer(small())
    for _ in range(3):
        parent.step()
    state = state_of(parent)
    same, other = build_trainer(small(kl_weight=2.0)), build_trainer(small(model="gan"))
    assert restore_what_fits(same, *state) == {}
    assert same.iteration == 3
    assert torch.equal(same.d.theta, parent.d.theta)
    assert restore_what_fits(other, *state).keys() == {"model"}
    assert other.iteration == 0
