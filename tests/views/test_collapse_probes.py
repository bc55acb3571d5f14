"""The probes of the Collapse page against numbers found in another way."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from ganlab.data import Collection, load, own
from ganlab.data.images.stacked import mode_number
from ganlab.experiment import Experiment
from ganlab.metrics.classifier import Classifier
from ganlab.metrics.legibility import Legibility
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes
from ganlab.views import classes as classes_module
from ganlab.views.latent_map import NOWHERE, SIDE

TINY = {"g_width": 8, "d_width": 8, "batch_size": 16}


class Fixed(nn.Module):
    """A generator that does what it is told."""

    def __init__(self, make: object) -> None:
        super().__init__()
        self.make = make

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return self.make(z)  # type: ignore[operator]


def probes_with(make: object, **values: object) -> tuple[Trainer, Probes]:
    trainer = Trainer(Experiment.of(**{**TINY, **values}))
    trainer.generator = Fixed(make)
    return trainer, Probes(trainer, History())


class Oracle:
    """Knows each training image's class; other images are of class 0, and all can be read."""

    accuracy, held_out = 0.5, 4
    legibility = Legibility(torch.empty(0), torch.empty(0))

    def __init__(self, images: torch.Tensor, classes: torch.Tensor) -> None:
        self._known = {image.numpy().tobytes(): int(c) for image, c in zip(images, classes, strict=True)}

    def read(self, images: torch.Tensor) -> torch.Tensor:
        return torch.tensor([self._known.get(image.contiguous().numpy().tobytes(), 0) for image in images])


def digits() -> tuple[torch.Tensor, torch.Tensor]:
    data = load(Experiment.of(data="digits"))
    assert isinstance(data, Collection)
    assert data.classes is not None
    return data.take(torch.arange(len(data.values))), data.classes


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Oracle(*digits())
    monkeypatch.setattr(classes_module, "classifier_soon", lambda dataset: known)


def test_a_half_of_the_latent_plane_for_each_of_two_modes() -> None:
    spec = load(Experiment.of(data="ring")).spec
    assert spec.centres is not None
    east, west = torch.tensor(spec.centres[0]).float(), torch.tensor(spec.centres[4]).float()
    split = lambda z: torch.where(z[:, :1] > 0, east, west)
    view = probes_with(split, data="ring", latent_dim=2)[1].answer(["latent_map"])["latent_map"]
    assert (view["modes"][:, SIDE // 2 :] == 0).all()
    assert (view["modes"][:, : SIDE // 2] == 4).all()


def test_the_maps_first_row_is_its_top_and_latents_far_from_all_modes_go_nowhere() -> None:
    spec = load(Experiment.of(data="ring")).spec
    assert spec.centres is not None
    assert spec.sigma is not None
    identity = probes_with(lambda z: z, data="ring", latent_dim=2)[1].answer(["latent_map"])["latent_map"]
    rows, columns = np.nonzero(identity["modes"] != NOWHERE)
    axis = np.linspace(-3, 3, SIDE)
    for row, column in zip(rows, columns, strict=True):
        z = np.array([axis[column], axis[SIDE - 1 - row]])
        apart = np.linalg.norm(z - spec.centres, axis=1)
        assert apart.argmin() == identity["modes"][row, column]
        assert apart.min() <= 3 * spec.sigma
    nowhere = probes_with(lambda z: z * 0, data="ring", latent_dim=2)[1].answer(["latent_map"])["latent_map"]
    assert (nowhere["modes"] == NOWHERE).all()


@pytest.mark.usefixtures("oracle")
def test_samples_are_counted_and_shown_by_class() -> None:
    images, known = digits()
    three, five = images[known == 3][:1], images[known == 5][:1]
    make = lambda z: torch.cat([three.expand(len(z) // 4, -1, -1, -1), five.expand(len(z) - len(z) // 4, -1, -1, -1)])
    view = probes_with(make, data="digits")[1].answer(["classes"])["classes"]
    assert view["counts"].tolist() == [0, 0, 0, 32, 0, 96, 0, 0, 0, 0]
    assert (view["captured"][-1], view["total"]) == (2, 10)
    assert view["reverse_kl"] == pytest.approx(0.25 * np.log(2.5) + 0.75 * np.log(7.5))
    rows = view["pixels"].reshape(10, 8, 8, 8)
    assert (rows[3] == ((three + 1) * 127.5).round().byte().numpy()).all()
    assert not rows[0].any()


@pytest.mark.usefixtures("oracle")
def test_stacked_samples_add_up_to_the_protocols_number_and_no_further() -> None:
    images, known = digits()
    one = torch.stack([images[known == digit][0, 0] for digit in (1, 2, 3)])
    _, probes = probes_with(lambda z: one.expand(len(z), -1, -1, -1), data="stacked_digits")
    views = [probes.answer(["classes"])["classes"] for _ in range(2)]
    assert [view["counted"] for view in views] == [2600, 5200]
    assert views[1]["whole"] == 26_000
    assert views[1]["captured"].tolist() == [1]
    assert views[1]["digits"].argmax(axis=1).tolist() == [1, 2, 3]
    assert int(mode_number(torch.tensor([[1, 2, 3]]))) == 123


def test_while_there_is_no_classifier_it_is_awaited_so_that_a_run_at_rest_shows_the_classes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there: list[Oracle] = []
    coming: Future[Classifier] = Future()
    monkeypatch.setattr(classes_module, "classifier_soon", lambda dataset: there[0] if there else None)
    monkeypatch.setattr(classes_module, "in_training", lambda dataset: coming)
    _, probes = probes_with(lambda z: torch.ones(len(z), 1, 8, 8), data="digits")
    assert probes.answer(["classes"])["classes"] == {"state": "training"}
    assert probes.awaited == {coming}
    there.append(Oracle(*digits()))
    assert probes.answer(["classes"])["classes"]["state"] == "ready"
    assert not probes.awaited


@pytest.mark.parametrize("count", [1, 5])
def test_copies_of_the_only_image_are_nearer_than_what_counts_as_a_copy(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One training image, or the same one many times: no two real ones are apart to compare with."""
    monkeypatch.setenv("GANLAB_CACHE", str(tmp_path))
    image = np.random.default_rng(0).integers(0, 255, (1, 1, 8, 8), np.uint8)
    digest = own.keep("images", np.repeat(image, count, axis=0))
    only = torch.from_numpy(image) / 127.5 - 1
    for make, copies in (
        (lambda z: only.expand(len(z), -1, -1, -1), True),
        (lambda z: -only.expand(len(z), -1, -1, -1), False),
    ):
        _, probes = probes_with(make, data="own_images", own_data=digest, image_size=8)
        view = probes.answer(["neighbours"])["neighbours"]
        assert view["alike"]
        assert (view["median"] < 0.5 * view["typical"]) == copies


def test_copies_have_no_distance_and_noise_has_much() -> None:
    images, _ = digits()
    _, copies = probes_with(lambda z: images[: len(z)], data="digits")
    view = copies.answer(["neighbours"])["neighbours"]
    assert view["median"] == pytest.approx(0, abs=1e-2)
    assert (view["pixels"] == view["real_pixels"]).all()
    apart = np.linalg.norm(images.flatten(1).numpy()[:, None, :] - images.flatten(1).numpy()[None, :300], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert view["typical"] == pytest.approx(np.median(apart.min(axis=0)), rel=0.15)  # of other real images
    _, noise = probes_with(lambda z: torch.ones(len(z), 1, 8, 8), data="digits")
    view = noise.answer(["neighbours"])["neighbours"]
    assert view["distances"][0] == pytest.approx(float((1 - images).flatten(1).norm(dim=1).min()), rel=1e-4)
    assert view["compared"] == len(images)
