"""Networks built from Experiments: shapes, parameter counts, and weights drawn from their own generator."""

from __future__ import annotations

import math
from itertools import product

import pytest
import torch
from torch import nn

from ganlab.experiment import Experiment
from ganlab.experiment.choices import ACTIVATIONS, IMAGES, MINIBATCHES, NORMS
from ganlab.experiment.networks import DISCRIMINATORS, GENERATORS, NETWORKS, autoencodes
from ganlab.networks import ARCHITECTURES, build_discriminator, build_generator, parameter_count, source

SIZES = (8, 16, 28, 32, 64)
POINTS = (2,)
every_norm = pytest.mark.parametrize("norm", NORMS)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def experiment(network: str = "mlp", **values: object) -> Experiment:
    """One of this network in each role that it can play; in the other, an MLP; the Dirac game's two together."""
    if NETWORKS[network].data == "dirac":
        return Experiment.of(data="dirac", generator="point", discriminator="linear", **values)
    generator = network if network in GENERATORS else "mlp"
    discriminator = network if network in DISCRIMINATORS else "mlp"
    data = IMAGES[1] if "channels" in NETWORKS[network].settings else "ring"
    loss = "energy" if autoencodes(discriminator) else "non_saturating"
    return Experiment.of(data=data, generator=generator, discriminator=discriminator, loss=loss, **values)


def pair(e: Experiment, shape: tuple[int, ...], seed: int = 0) -> tuple[nn.Module, nn.Module]:
    draw = rng(seed)
    return build_generator(e, shape, draw), build_discriminator(e, shape, draw)


@pytest.mark.parametrize(
    ("network", "shape"),
    [("mlp", (1,)), ("mlp", (3, 8, 8)), *(("dcgan", (c, s, s)) for c, s in zip((3, 1, 3, 1, 3), SIZES, strict=True))],
)
def test_every_shape_gives_samples_and_logits(network: str, shape: tuple[int, ...]) -> None:
    G, D = pair(experiment(network, latent_dim=3, g_width=4, d_width=4, g_channels=2, d_channels=2), shape)
    samples = G(torch.randn(5, 3, generator=rng()))
    assert samples.shape == (5, *shape)
    assert D(samples).shape == (5,)
    if len(shape) == 3:
        assert samples.abs().max() <= 1


@pytest.mark.parametrize("spectral_norm", [False, True])
@pytest.mark.parametrize(("network", "shape"), [("mlp", POINTS), ("dcgan", (1, 16, 16))])
def test_every_choice_of_layers_trains_every_weight(network: str, shape: tuple[int, ...], spectral_norm: bool) -> None:
    for activation, norm in product(ACTIVATIONS, NORMS):
        e = experiment(network, latent_dim=3, g_width=4, d_width=4, g_channels=2, d_channels=2).changed(
            g_activation=activation, d_activation=activation, g_norm=norm, d_norm=norm, spectral_norm=spectral_norm
        )
        G, D = pair(e, shape)
        D(G(torch.randn(5, 3, generator=rng()))).sum().backward()
        assert all(weight.grad is not None for net in (G, D) for weight in net.parameters())


@pytest.mark.parametrize("minibatch", ["stddev", "discrimination"])
@pytest.mark.parametrize(("network", "shape"), [("mlp", POINTS), ("mlp", (1, 8, 8)), ("dcgan", (1, 16, 16))])
def test_minibatch_layers_train_and_in_eval_mode_judge_each_sample_alone(
    network: str, shape: tuple[int, ...], minibatch: str
) -> None:
    _, D = pair(experiment(network, d_width=8, d_channels=4, d_minibatch=minibatch, spectral_norm=True), shape)
    x = torch.randn(6, *shape, generator=rng())
    D(x).sum().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in D.parameters())
    assert not torch.allclose(D(x)[:3], D(x[:3]), rtol=1e-4)  # in training they do see their batch
    assert D(x[:1]).isfinite().all()
    before = {name: value.clone() for name, value in D.named_buffers()}
    D.eval()
    torch.testing.assert_close(D(x)[:1], D(x[:1]))
    assert all(torch.equal(value, before[name]) for name, value in D.named_buffers())


@pytest.mark.parametrize("minibatch", MINIBATCHES)
@pytest.mark.parametrize(("network", "shape"), [("mlp", POINTS), ("dcgan", (1, 28, 28))])
def test_d_says_what_it_made_of_a_sample(network: str, shape: tuple[int, ...], minibatch: str) -> None:
    _, D = pair(experiment(network, d_minibatch=minibatch), shape)
    D.eval()
    x = torch.randn(5, *shape, generator=rng())
    logits, features = D.respond(x)
    assert torch.equal(logits, D(x))
    assert torch.equal(features, D.features(x))
    last = D[-2]
    assert features[0].numel() == last.weight[0].numel()
    torch.testing.assert_close(features.flatten(1) @ last.weight.flatten() + last.bias, logits)


def test_parameters_of_an_mlp_are_as_counted_by_hand() -> None:
    G, D = pair(experiment(latent_dim=16, g_depth=2, g_width=128, d_depth=1, d_width=32), POINTS)
    assert parameter_count(G) == (16 * 128 + 128) + (128 * 128 + 128) + (128 * 2 + 2)
    assert parameter_count(D) == (2 * 32 + 32) + (32 + 1)


def test_parameters_of_dcgan_are_those_of_the_well_known_example() -> None:
    # pytorch/examples at 64 pixels, width 64, z 100, counts 3,576,704 and 2,765,568. Ours add a bias where no
    # BatchNorm undoes it: at G's output (3), and at D's first (64) and last (1) layer.
    G, D = pair(
        experiment("dcgan", latent_dim=100, g_channels=64, d_channels=64, g_norm="batch", d_norm="batch"), (3, 64, 64)
    )
    assert parameter_count(G) == 3_576_704 + 3
    assert parameter_count(D) == 2_765_568 + 64 + 1


def test_spectral_norm_adds_nothing_to_train() -> None:
    plain, normed = (pair(experiment(spectral_norm=on), POINTS)[1] for on in (False, True))
    assert parameter_count(plain) == parameter_count(normed)


def test_normalisation_spares_gs_output_and_ds_first_layer() -> None:
    for network, shape in (("mlp", POINTS), ("dcgan", (1, 32, 32))):
        G, D = pair(experiment(network, g_depth=3, d_depth=3, g_norm="batch", d_norm="batch"), shape)
        is_norm = [isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) for layer in (*G.modules(), *D.modules())]
        assert sum(is_norm) == 3 + 2  # three hidden layers of either, the first of D's without


@every_norm
@pytest.mark.parametrize(("network", "shape"), [("mlp", POINTS), ("dcgan", (1, 16, 16))])
def test_in_eval_mode_a_sample_does_not_depend_on_its_batch(network: str, shape: tuple[int, ...], norm: str) -> None:
    G, D = pair(experiment(network, latent_dim=3, g_norm=norm, d_norm=norm), shape)
    z = torch.randn(8, 3, generator=rng())
    D(G(z))  # one training pass moves BatchNorm's averages
    G.eval(), D.eval()
    torch.testing.assert_close(G(z)[:1], G(z[:1]))
    torch.testing.assert_close(D(G(z))[:1], D(G(z)[:1]))


@pytest.mark.parametrize("init", ["default", "dcgan"])
@pytest.mark.parametrize("network", [name for name in NETWORKS if NETWORKS[name].data != "dirac"])
def test_weights_come_from_the_given_generator_alone(network: str, init: str) -> None:
    small = {"g_width": 8, "d_width": 8, "g_channels": 4, "d_channels": 4}
    e = experiment(network, init=init, spectral_norm=True, g_norm="batch", d_norm="layer", **small)
    shape = (3, 8, 8) if "channels" in NETWORKS[network].settings else POINTS
    before = torch.get_rng_state()
    nets = [pair(e, shape, seed) for seed in (1, 1, 2)]
    assert torch.equal(torch.get_rng_state(), before)
    same, again, other = ([*G.state_dict().values(), *D.state_dict().values()] for G, D in nets)
    assert all(map(torch.equal, same, again))
    assert not all(map(torch.equal, same, other))


@pytest.mark.parametrize(
    ("network", "shape", "layers"),
    [("mlp", POINTS, nn.Linear), ("dcgan", (3, 64, 64), (nn.Conv2d, nn.ConvTranspose2d))],
)
def test_default_weights_are_distributed_as_pytorchs_own(network: str, shape: tuple[int, ...], layers: type) -> None:
    for net in pair(experiment(network, g_width=300, d_width=300, g_channels=8, d_channels=8), shape):
        for layer in net.modules():
            if isinstance(layer, layers) and layer.weight.numel() > 3000:
                drawn = layer.weight.detach().clone()
                with torch.random.fork_rng(devices=()):
                    layer.reset_parameters()
                assert drawn.abs().max().item() == pytest.approx(layer.weight.abs().max().item(), rel=0.01)
                assert drawn.std().item() == pytest.approx(layer.weight.std().item(), rel=0.05)
                assert 0 < layer.bias.abs().max() <= drawn.abs().max() * 1.01


def test_dcgan_weights_are_normal_with_the_papers_deviations() -> None:
    G, _ = pair(experiment("dcgan", init="dcgan", g_norm="batch", g_channels=64, latent_dim=100), (3, 64, 64))
    dense = next(layer for layer in G if isinstance(layer, nn.Linear)).weight
    norm = next(layer for layer in G if isinstance(layer, nn.BatchNorm2d))
    scale = norm.weight
    assert dense.std().item() == pytest.approx(0.02, rel=4 / math.sqrt(2 * dense.numel()))
    assert scale.mean().item() == pytest.approx(1, abs=4 * 0.02 / math.sqrt(len(scale)))
    assert scale.std().item() == pytest.approx(0.02, rel=4 / math.sqrt(2 * len(scale)))
    assert not norm.bias.any()


@pytest.mark.parametrize(("network", "shape"), [("mlp", POINTS), ("dcgan", (3, 16, 16))])
def test_spectral_norm_is_there_from_the_first_step(network: str, shape: tuple[int, ...]) -> None:
    _, D = pair(experiment(network, spectral_norm=True), shape)
    D.eval()
    norms = [
        torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item()
        for layer in D.modules()
        if isinstance(layer, nn.Linear | nn.Conv2d)
    ]
    assert len(norms) == 3
    assert norms == pytest.approx([1.0] * 3, rel=0.05)  # as near as 15 power iterations come


def test_each_architecture_plays_the_roles_that_can_be_chosen_and_shows_its_source() -> None:
    for name, architecture in ARCHITECTURES.items():
        assert bool(architecture.generator) == (name in GENERATORS)
        assert bool(architecture.discriminator) == (name in DISCRIMINATORS)
        built = (build_generator(experiment(name), (3, 8, 8), rng()), *pair(experiment(name), (3, 8, 8))[1:])
        for net, player in zip(built, (architecture.generator, architecture.discriminator), strict=True):
            assert player is None or type(net) is player.network
            for network in player.classes if player else ():
                assert source(network).startswith(f"class {network.__name__}(")
                assert source(network).count("\n") <= 50  # a screen


class Reads:
    """An Experiment that notes which of its fields are read."""

    def __init__(self, e: Experiment) -> None:
        self.e, self.names = e, set[str]()

    def __getattr__(self, name: str) -> object:
        self.names.add(name)
        return getattr(self.e, name)


@pytest.mark.parametrize("name", NETWORKS)
def test_the_settings_that_an_architecture_names_are_those_that_build_it(name: str) -> None:
    reads = Reads(experiment(name))
    for player in (ARCHITECTURES[name].generator, ARCHITECTURES[name].discriminator):
        if player:
            player.arguments(reads, (3, 8, 8))
    asked = {"latent_dim", "condition", "info_categories", "info_continuous"}  # how many numbers G is given
    assert {field.removeprefix("g_").removeprefix("d_") for field in reads.names - asked} == set(
        NETWORKS[name].settings
    )
