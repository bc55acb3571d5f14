"""Points of one's own: how they are scaled, kept and found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganlab.data import Collection, DataUnavailable, density_1d, is_here, load, own, shape_of
from ganlab.data.own_points import Points, about, keep, scaled
from ganlab.experiment import Experiment, ExperimentError

PAIRS = [[1.5, -2.0], [3.0, 4.25]]


def test_points_are_moved_to_mean_0_and_scaled_alike_along_both_axes() -> None:
    values = np.random.default_rng(0).normal(size=(5000, 2)) * [2.0, 0.5] + [100.0, -7.0]
    moved, scaling = scaled(values)
    np.testing.assert_allclose(moved.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(moved.std(axis=0), [1, values[:, 1].std() / values[:, 0].std()], rtol=1e-4)
    np.testing.assert_allclose(scaling.restored(torch.from_numpy(moved)), values, atol=1e-4)
    assert scaling.scale[0] == scaling.scale[1]
    assert str(scaling) == f"x = (value - ({scaling.centre[0]:.4g}, {scaling.centre[1]:.4g})) / {scaling.scale[0]:.4g}"
    assert str(scaled(values[:, :1])[1]).startswith("x = (value - 1")
    same, scaling = scaled(np.full((3, 2), 5.0))
    assert not same.any() and scaling.scale == (1, 1)


def test_axes_of_different_units_are_scaled_one_by_one() -> None:
    values = np.random.default_rng(0).normal((1.72, 72), (0.08, 15), (300, 2))
    points = Points(values, ("height_m", "weight_kg"))
    moved, units = scaled(values, about(points))
    np.testing.assert_allclose(moved.std(axis=0), 1, rtol=1e-4)
    assert units.names == points.names
    alike = Points(values * [100, 1], ())
    assert about(alike) == own.NOTHING, "as today, and under the same digest"
    assert keep(values, about(points)) != keep(values)


def test_what_is_known_of_the_data_goes_with_them(cache: Path) -> None:
    known = own.About(names=("Höhe", "b"), each_axis=True)
    digest = keep(np.array(PAIRS), known)
    assert own.about("points", digest) == known
    assert own.about("points", keep(np.array(PAIRS))) == own.NOTHING


@pytest.mark.parametrize("columns", [1, 2])
def test_an_experiment_finds_its_points_by_their_content(columns: int) -> None:
    values = np.random.default_rng(1).normal(size=(200, columns)) * 30
    digest = keep(values)
    assert keep(values.copy()) == digest != keep(values + 1)
    e = Experiment.of(data="own_points", own_data=digest)
    assert Experiment.from_link(e.to_link()) == Experiment.from_json(e.to_json()) == e
    dataset = load(e)
    assert isinstance(dataset, Collection) and load(e) is dataset
    assert dataset.spec.shape == shape_of(e) == (columns,)
    assert dataset.spec.size == 200
    assert is_here(e)
    points = dataset.take(torch.arange(200))
    np.testing.assert_array_equal(points, scaled(values)[0])
    assert points.abs().max() < dataset.spec.extent


def test_points_that_are_not_here_are_a_sentence() -> None:
    missing = Experiment.of(data="own_points", own_data="0" * 64)
    for e, sentence in (
        (missing, "The points with the digest 00000000... are not on this computer: add the same points again"),
        (Experiment.of(data="own_points"), "You have not added any points of your own yet: add some first"),
    ):
        assert not is_here(e)
        assert shape_of(e) == (2,)
        with pytest.raises(DataUnavailable, match=sentence.replace(".", r"\.")):
            load(e)


@pytest.mark.parametrize(
    "values", [np.zeros((5, 3)), np.zeros(5), np.zeros((1, 2)), np.full((5, 2), np.nan), np.full((5, 2), np.inf)]
)
def test_what_are_no_points_is_not_kept(values: np.ndarray) -> None:
    with pytest.raises(ExperimentError, match=r"^Points "):
        keep(values)


def test_the_density_of_own_points_on_a_line_is_estimated() -> None:
    rng = np.random.default_rng(2)
    normal = (rng.normal(size=(20_000, 1)) - 3) * 7
    dataset = load(Experiment.of(data="own_points", own_data=keep(normal)))
    x = np.linspace(-4, 4, 161)
    density = density_1d(dataset, x)
    assert density.sum() * 0.05 == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(density, np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi), atol=0.02)
    assert np.isfinite(density_1d(load(Experiment.of(data="own_points", own_data=keep(np.ones((5, 1))))), x)).all()


def test_a_damaged_file_is_as_good_as_none(cache: Path) -> None:
    digest = keep(np.array(PAIRS))
    (path,) = (cache / "own").iterdir()
    path.write_bytes(b"\x93NUMPY, but no more")
    with pytest.raises(DataUnavailable, match="not on this computer"):
        own.find("points", digest)


def test_what_was_used_longest_ago_makes_room(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "MOST_BYTES", 3000)
    digests = []
    for number in range(4):
        digests.append(keep(np.full((50, 2), float(number))))  # 928 bytes each
        if number == 2:
            own.find("points", digests[0])
    assert len(list((cache / "own").iterdir())) == 3
    with pytest.raises(DataUnavailable):
        own.find("points", digests[1])
    for number in (0, 2, 3):
        assert own.find("points", digests[number])[0, 0] == number


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=70))
def test_no_digest_leads_out_of_the_cache(digest: str) -> None:
    with pytest.raises(DataUnavailable):
        own.find("images", digest)
