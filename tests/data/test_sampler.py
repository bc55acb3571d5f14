"""Batches depend on the seed and the place alone, and the place can be saved."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganlab.data import Collection, Dataset, DataSpec, Sampler, load
from ganlab.experiment import Experiment

COUNTED = Collection(DataSpec((1,), 10, extent=10.0), torch.arange(10.0).unsqueeze(1))
RING = load(Experiment(data="ring"))
SIZES = st.lists(st.integers(1, 25), max_size=8)
SEEDS = st.integers(0, 2**31 - 1)
every_kind = pytest.mark.parametrize("dataset", [COUNTED, RING], ids=["collection", "distribution"])


@every_kind
@given(seed=SEEDS, before=SIZES, after=SIZES)
def test_a_saved_place_is_found_again_to_the_bit(dataset: Dataset, seed: int, before: list[int], after: list[int]):
    sampler = Sampler(dataset, seed)
    for n in before:
        sampler.next(n)
    state = sampler.state_dict()
    expected = [sampler.next(n) for n in after]
    other = Sampler(dataset, seed=0)
    other.next(3)
    other.load_state_dict(state)
    assert all(map(torch.equal, expected, [other.next(n) for n in after]))
    assert other.passes == sampler.passes


@given(seed=SEEDS, sizes=SIZES)
def test_a_collection_is_gone_through_once_a_pass(seed: int, sizes: list[int]) -> None:
    sampler = Sampler(COUNTED, seed)
    stream = torch.cat([sampler.next(n) for n in [*sizes, 10]]).flatten().tolist()
    for start in range(0, len(stream) - 9, 10):
        assert sorted(stream[start : start + 10]) == list(range(10))
    assert sampler.passes == len(stream) / 10


@given(seed=SEEDS, sizes=SIZES)
def test_a_collections_order_does_not_depend_on_the_batch_size(seed: int, sizes: list[int]) -> None:
    pieces, whole = Sampler(COUNTED, seed), Sampler(COUNTED, seed)
    if sizes:
        assert torch.equal(torch.cat([pieces.next(n) for n in sizes]), whole.next(sum(sizes)))


def test_passes_have_different_orders() -> None:
    sampler = Sampler(load(Experiment(data="digits")), seed=0)
    assert not torch.equal(sampler.next(1797), sampler.next(1797))


@every_kind
def test_samplers_leave_each_other_and_the_global_generator_alone(dataset: Dataset) -> None:
    before = torch.get_rng_state()
    alone = Sampler(dataset, seed=1)
    expected = [alone.next(7) for _ in range(3)]
    one, other = Sampler(dataset, seed=1), Sampler(dataset, seed=2)
    together = [(one.next(7), other.next(7)) for _ in range(3)]
    assert all(torch.equal(batch, first) for batch, (first, _) in zip(expected, together, strict=True))
    assert not any(torch.equal(first, second) for first, second in together)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_batch_is_the_callers_to_change() -> None:
    sampler: Any = Sampler(COUNTED, seed=0)
    sampler.next(5).fill_(99)
    assert COUNTED.values.max() == 9
    assert RING.spec.size is None
    assert Sampler(RING, seed=0).passes is None
