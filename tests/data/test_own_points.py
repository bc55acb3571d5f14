"""Points of one's own: what is understood, what is refused with its line, and how they are scaled and named."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ganlab.data import Collection, DataUnavailable, density_1d, is_here, load, own, shape_of
from ganlab.data.own_points import MOST_BYTES, MOST_POINTS, keep, parse, scaled
from ganlab.experiment import Experiment, ExperimentError

PAIRS = [[1.5, -2.0], [3.0, 4.25]]


@pytest.mark.parametrize(
    "text",
    [
        "1.5,-2\n3,4.25",
        "1.5, -2.0\r\n3, 4.25\r\n",
        "1.5;-2\n3;4.25\n",
        "1,5;-2\n3;4,25\n",
        "1,5; -2,0;\n3; 4,25;\n",
        "1.5\t-2\n3\t4.25",
        "1,5\t-2\n3\t4,25",
        "  1.5   -2\n\n3 4.25  \n",
        "1,5 -2,0\n3,0 4,25",
        "x,y\n1.5,-2\n3,4.25",
        '"width";"height"\n1,5;-2\n3;4,25',
        "# from the lab\n1.5,-2\n# and the other\n3,4.25",
        "1.5e0,-.2e1\n+3.,4.25E+00",
        b"\xef\xbb\xbf1.5,-2\n3,4.25",
        "\ufeffx y\n1.5 -2\n3 4.25",
    ],
)
def test_tables_are_read_however_they_are_written(text: str | bytes) -> None:
    assert parse(text).values.tolist() == PAIRS


@pytest.mark.parametrize("text", ["1.5\n-2\n3", "value\n1.5\n-2\n3", "1,5;\n-2;\n3;", "1.5,\n-2,\n3,"])
def test_one_column_is_points_on_a_line(text: str) -> None:
    assert parse(text).values.tolist() == [[1.5], [-2.0], [3.0]]


def test_the_way_it_was_read_is_told() -> None:
    table = parse("width;height\n1,5;2\n3;4")
    assert (table.header, table.separator, table.decimal_comma) == (("width", "height"), "semicolons", True)
    table = parse("1,5\n3,4")
    assert (table.header, table.separator, table.decimal_comma) == ((), "commas", False)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There are 0 points here; at least 2 are needed, one a line."),
        ("x,y\n1,2", "There are 1 points here; at least 2 are needed, one a line."),
        (
            "1,2\n3,four\n5,6",
            'Line 2 reads "3, four", but two numbers with commas between them is expected, such as 0.5, -1.2.',
        ),
        (
            "x;y\n\n1;2\n3",
            'Line 4 reads "3", but two numbers with semicolons between them is expected, such as 0.5; -1.2.',
        ),
        ("1\n2\n3 4", 'Line 3 reads "3 4", but one number is expected, such as 0.5.'),
        ("1,2,3\n4,5,6", "Line 1 has 3 columns, but points have one or two: leave the others out."),
        ("1 2\n3 nan", 'Line 2 reads "3 nan", but two numbers with spaces between them is expected, such as 0.5 -1.2.'),
        ("1.000,5;2\n3;4", 'Line 1 reads "1.000,5; 2", but two numbers with semicolons'),
        ("1 2\n1e400 4", "Line 2 holds a number beyond 1e+30, which is too large to train on."),
        (b"\xff\xfe\x00", "This is no text: save the table as CSV (UTF-8) and hand that in."),
        ("1" * (MOST_BYTES + 1), "This is 5.0 MB of text; up to 5 MB are read."),
        ("1\n" * (MOST_POINTS + 1), "There are 100,001 points here; up to 100,000 are taken."),
        ("x" * 500 + ",1\n1,2\n3,4", 'Line 1 reads "' + "x" * 40 + '..."'),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str | bytes, sentence: str) -> None:
    with pytest.raises(ExperimentError) as error:
        parse(text)
    assert str(error.value).startswith(sentence)


@settings(deadline=None)
@given(st.text(max_size=80) | st.binary(max_size=80))
def test_no_text_does_worse_than_an_experiment_error(text: str | bytes) -> None:
    with suppress(ExperimentError):
        assert np.isfinite(parse(text).values).all()


@settings(deadline=None)
@given(
    st.lists(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), min_size=2, max_size=20),
    st.sampled_from([",", ";", "\t", " ", ", "]),
)
def test_numbers_written_out_come_back(rows: list[list[float]], separator: str) -> None:
    text = "\n".join(separator.join(map(repr, row)) for row in rows)
    assert parse(text).values.tolist() == rows


def test_points_are_moved_to_mean_0_and_scaled_alike_along_both_axes() -> None:
    values = np.random.default_rng(0).normal(size=(5000, 2)) * [2.0, 0.5] + [100.0, -7.0]
    moved, scaling = scaled(values)
    np.testing.assert_allclose(moved.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(moved.std(axis=0), [1, values[:, 1].std() / values[:, 0].std()], rtol=1e-4)
    np.testing.assert_allclose(moved * scaling.scale + scaling.centre, values, atol=1e-4)
    assert str(scaling) == f"x = (value - ({scaling.centre[0]:.4g}, {scaling.centre[1]:.4g})) / {scaling.scale:.4g}"
    assert str(scaled(values[:, :1])[1]).startswith("x = (value - 1")
    same, scaling = scaled(np.full((3, 2), 5.0))
    assert not same.any() and scaling.scale == 1


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
        (missing, "The points with the digest 00000000... are not on this computer: hand the same points in again"),
        (Experiment.of(data="own_points"), "There are no points of your own yet: hand some in first"),
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
