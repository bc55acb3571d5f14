"""The sweep of the default ring keeps the better settings, and its table puts them first."""

from __future__ import annotations

from benchmarks.default_ring import BEFORE, score, table, variants


def row(quality: float, share: float) -> dict[str, object]:
    looks = [(1.0, 4, 0.1), (2.0, 8, quality)]
    seed = {"covered": share > 0, "share_of_late_looks": share, "looks": looks}
    return {"settings": {"data": "ring", "lr_g": quality}, "seeds": [seed, seed]}


def test_late_looks_that_are_good_count_before_quality() -> None:
    assert score(row(0.8, 0.5)) > score(row(0.95, 0.0)) > score(row(0.9, 0.0))


def test_the_table_puts_the_best_first() -> None:
    lines = [line for line in table([[row(0.5, 0.0), row(0.95, 1.0)]]).splitlines() if "lr_g" in line]
    assert lines == ["| 2 of 2 | 100 | 0.95 | lr_g 0.95 |", "| 0 of 2 | 0 | 0.50 | lr_g 0.5 |"]


def test_a_longer_average_is_tried_beside() -> None:
    same, longer = variants(BEFORE.changed(ema_decay=0.99))
    assert (same.ema_decay, longer.ema_decay) == (0.99, 0.998)
