"""Remedies: each changes what it says, and says why where it can't."""

import pytest

from ganlab.experiment import Experiment
from ganlab.presets.collapse import BLOBS, PRESETS
from ganlab.presets.remedies import BY_NAME, REMEDIES, Remedy


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.name)
def test_every_remedy_can_be_had_for_every_collapse_and_is_not_on_yet(remedy: Remedy) -> None:
    for preset in PRESETS:
        assert remedy.why_not(preset.experiment) is None
        cured = preset.experiment.changed(**remedy.changes(preset.experiment))
        assert cured.seed == preset.experiment.seed
        assert cured.data == preset.experiment.data


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.name)
def test_a_remedy_that_changes_several_settings_has_a_reason_for_each(remedy: Remedy) -> None:
    changes = remedy.changes(BLOBS)
    assert set(remedy.why) == (set(changes) if len(changes) > 1 else set())


@pytest.mark.parametrize("name", ["packing", "stddev", "unrolling", "wgan-gp", "r1", "relativistic", "noise"])
def test_a_remedy_is_not_offered_twice(name: str) -> None:
    remedy = BY_NAME[name]
    assert remedy.why_not(BLOBS.changed(**remedy.changes(BLOBS))) == "This run has it already."


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("r1", {"model": "vae"}, "trains a VAE"),
        ("packing", {"data": "dirac", "generator": "point", "discriminator": "linear", "latent_dim": 1}, "Dirac game"),
        ("packing", {"batch_size": 63}, "can't be divided"),
        ("wgan-gp", {"discriminator": "autoencoder", "loss": "energy"}, "energies"),
        ("stddev", {"discriminator": "autoencoder", "loss": "energy"}, "change nothing"),
    ],
)
def test_why_a_remedy_does_not_go_with_an_experiment(name: str, changes: dict, words: str) -> None:
    e = Experiment.of(**({"data": "ring"} | changes))
    assert words in (BY_NAME[name].why_not(e) or "")


def test_slower_never_leaves_the_range() -> None:
    e = BLOBS.changed(lr_g=1e-6, lr_d=1e-6)
    changed = e.changed(**BY_NAME["slower"].changes(e))
    assert changed.lr_g <= e.lr_g
