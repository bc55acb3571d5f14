"""How far samples are from real ones, as a view: the metrics' own numbers, seldom enough, never waiting."""

from __future__ import annotations

from concurrent.futures import Future
from itertools import count

import numpy as np
import pytest

from ganlab.data import Collection
from ganlab.experiment import Experiment
from ganlab.metrics import divergences, features_for, frechet_distance, kernel_distance, manifolds, sliced_wasserstein
from ganlab.metrics.classifier import Classifier
from ganlab.metrics.yardstick import IMAGE_MEASURES, POINT_MEASURES, yardstick
from ganlab.training.history import History
from ganlab.training.trainer import Trainer
from ganlab.views import Probes, quality
from ganlab.views.inputs import moment
from ganlab.views.quality import SHARE, Quality

SMALL = {"g_width": 16, "d_width": 16, "batch_size": 32, "latent_dim": 4}
DIGITS = {"data": "digits", "generator": "dcgan", "discriminator": "dcgan", "g_channels": 4, "d_channels": 4}


def probed(**values: object) -> tuple[Trainer, Probes]:
    trainer = Trainer(Experiment.of(**{**SMALL, **values}))
    return trainer, Probes(trainer, History())


def test_points_are_measured_as_the_metrics_do_with_the_floors_beside() -> None:
    trainer, probes = probed()
    view = probes.answer(["quality"])["quality"]
    samples = trainer.generator.eval()(probes._inputs.latents).detach()
    by = yardstick(trainer.dataset, 2500)
    found = divergences(samples.numpy(), trainer.dataset)
    expected = {
        "frechet": frechet_distance(by.reference, samples.double().numpy()),
        "sliced_wasserstein": sliced_wasserstein(by.reference, samples.double().numpy()),
        "js": found.samples.js,
        "kl_forward": found.samples.forward_kl,
        "kl_reverse": found.samples.reverse_kl,
    }
    assert view["floor"].keys() == expected.keys() == set(POINT_MEASURES)
    for name, value in expected.items():
        assert view[name].tolist() == [pytest.approx(value, rel=1e-5)]
        assert abs(view["floor"][name]) < value / 4
    assert view["floor"]["js"] == found.floor.js
    assert (view["x"].tolist(), view["samples"], view["waiting"]) == ([0], 2500, None)


def test_images_are_measured_on_a_classifiers_features_and_named_so() -> None:
    trainer, probes = probed(**DIGITS)
    features_for(trainer.dataset)
    view = probes.answer(["quality"])["quality"]
    by = yardstick(trainer.dataset, 512)
    latents = Quality(probes.book)._latents
    fake = by.features.of(trainer.generator.eval()(latents).detach())
    expected = {"frechet": frechet_distance(by.reference, fake), "kernel": kernel_distance(by.reference, fake)}
    for name, value in {**expected, **vars(manifolds(by.reference, fake))}.items():
        assert view[name].tolist() == [pytest.approx(value, rel=1e-4, abs=1e-6)]
    assert view["floor"].keys() == set(IMAGE_MEASURES)
    assert view["floor"]["coverage"] > 0.9 and view["samples"] == 512
    assert "not comparable with Inception FID" in view["measured_on"]
    assert view["accuracy"] > 0.96


def test_measuring_keeps_to_its_share_of_the_time_that_is_trained() -> None:
    trainer, probes = probed()
    ticks = count()
    measure = Quality(probes.book, lambda: 0.1 * next(ticks))  # each measurement seems to take 0.1 s
    for frame in range(200):  # 0.1 s of training between one and the next
        trainer.iteration = frame
        probes.logs["clock"].add(frame, frame * 0.1)
        with moment(probes._inputs) as now:
            measure.view(now)
    measured = len(probes.logs["quality"])
    assert measured == pytest.approx(SHARE * 20 / 0.1, abs=1)
    with moment(probes._inputs) as now:
        measure.view(now)
    assert len(probes.logs["quality"]) == measured, "nothing was trained since"


def test_it_says_that_a_classifier_is_trained_and_has_numbers_when_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[object] = []
    coming: Future[Classifier] = Future()
    _, probes = probed(**DIGITS)
    monkeypatch.setattr(quality, "features_soon", lambda dataset: features_for(dataset) if there else None)
    monkeypatch.setattr(quality, "in_training", lambda dataset: coming)
    view = probes.answer(["quality"])["quality"]
    assert "Training a small classifier" in view["waiting"] and len(view["x"]) == 0
    assert probes.awaited == {coming}
    probes.answer(["losses"])
    assert not probes.awaited, "nobody looks"
    there.append(True)
    assert probes.answer(["quality"])["quality"]["waiting"] is None
    assert not probes.awaited


def test_samples_that_are_not_finite_have_no_distance_and_few_real_ones_are_refused() -> None:
    trainer, probes = probed()
    trainer.g.theta.data.fill_(np.nan)
    view = probes.answer(["quality"])["quality"]
    assert np.isnan(view["frechet"]).all() and np.isfinite(view["floor"]["frechet"])
    few = Collection(trainer.spec, trainer.sampler.next(5))
    with pytest.raises(ValueError, match="need at least 12 real samples, and these data have 5"):
        yardstick(few, 100)
