"""The short form for drawing against plain NumPy over all rows."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ganlab.training.history import SCALARS, History


@given(st.lists(st.integers(1, 700), min_size=1, max_size=8), st.integers(0, 2**32 - 1))
def test_thinned_rows_are_the_means_and_extremes_of_equal_stretches(blocks: list[int], seed: int) -> None:
    rows = np.random.default_rng(seed).standard_normal((sum(blocks), len(SCALARS))).astype(np.float32)
    history, start = History(), 0
    for block in blocks:
        history.append(rows[start : start + block])
        start += block
    assert np.array_equal(history.rows(), rows)

    x, mean, low, high = history.thinned()
    assert len(x) <= 401
    assert x[-1] == len(rows)
    edges = np.concatenate([[0], x.astype(int)])
    for i, (a, b) in enumerate(itertools.pairwise(edges)):
        np.testing.assert_allclose(mean[i], rows[a:b].mean(0), rtol=1e-4, atol=1e-5)
        assert np.array_equal(low[i], rows[a:b].min(0))
        assert np.array_equal(high[i], rows[a:b].max(0))


def test_what_was_not_measured_does_not_blot_out_what_was() -> None:
    history = History()
    rows = np.ones((900, len(SCALARS)), np.float32)
    rows[::2, 5:] = np.nan
    history.append(rows)
    _, mean, low, high = history.thinned()
    assert np.all(mean == 1) and np.all(low == 1) and np.all(high == 1)


def test_a_row_once_written_can_not_be_altered() -> None:
    history = History()
    history.append(np.zeros((3, len(SCALARS)), np.float32))
    assert not history.rows().flags.writeable
    assert len(history.column("loss_g", last=2)) == 2
