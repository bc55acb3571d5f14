"""The judge of the commentary: what it would let pass, and a table that counts it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.verdicts import ADMITTED, LABELS, SCORES, careful, drawn, is_right, table
from ganlab.views.comments import gan


def look(verdict: str = "balanced", severity: str = "good", **seen: Any) -> dict[str, Any]:
    as_the_data = {"distance": 0.05, "pairwise": 1.0, "occupied": 0.99, "told": 0.6}
    return {"verdict": verdict, "severity": severity, **as_the_data, **seen}


def test_a_careful_person_reads_samples_and_d_and_no_rule() -> None:
    assert careful(look()) == ("like the data", "between")
    assert careful(look(distance=0.7, told=0.99)) == ("far", SCORES[0])
    assert careful(look(pairwise=0.1, told=0.2)) == ("alike or on few modes", SCORES[2])
    assert careful(look(occupied=0.4))[0] == "alike or on few modes"
    assert careful(look(distance=None))[0] == careful(look(distance=5.0))[0] == "gone"


def test_a_verdict_passes_only_where_a_careful_person_agrees() -> None:
    assert is_right(look())
    for wrong in ({"distance": 0.7}, {"pairwise": 0.1}, {"told": 0.99}, {"distance": None}):
        assert not is_right(look(**wrong)), wrong
    assert is_right(look("collapsing", "warning", occupied=0.3)) and not is_right(look("collapsing", "warning"))
    assert not is_right(look("g_winning", "warning", told=0.8)), "D is not fooled"
    assert not is_right(look("learning", distance=0.7)), "green, and far"
    assert is_right(look("learning", "info", distance=0.7))


def test_every_verdict_on_a_trained_gan_is_known_to_the_judge() -> None:
    source = Path(gan.__file__).read_text()
    assert all(f'"{verdict}"' in source or verdict == "learning" for verdict in ADMITTED)
    for samples, scores in ADMITTED.values():
        assert set(samples) <= set(LABELS) and set(scores) <= set(SCORES)


def test_the_table_counts_what_passes_and_which_green_is_wrong() -> None:
    looks = [look(), look(distance=0.7), look("collapsing", "warning", occupied=0.3)]
    written = table([{"looks": looks}], seed=7)
    assert "let 2 of 3 verdicts pass" in written
    assert "| good | balanced |  |  | 1 |  | 1 | 1 of 2 |" in written
    assert "Balanced: 1 of 2 over samples further than 0.2" in written


def test_the_draw_is_the_same_each_time() -> None:
    first, again, next_one = (drawn(np.random.default_rng([1, number])) for number in (0, 0, 1))
    assert first == again != next_one
