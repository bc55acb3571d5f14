"""Who goes next: seats share the time, then the runs of each seat. Time here is what the runs say that they used."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ganlab.runs import State
from ganlab.runs.audience import Nobody
from ganlab.runs.turns import Turns


class Job:
    """Trains one step a turn, which takes as long as it was told."""

    is_elsewhere = held = waits = False
    last_watched = 0.0
    message = ""

    def __init__(self, name: str, seat: int | None = None, cost: float = 0.01) -> None:
        self.id, self.seat, self.cost, self.state = name, seat, cost, State.RUNNING
        self.used_seconds = self.step_seconds = 0.0
        self.played_at = 0.0
        self.steps = 0

    def turn(self, seconds: float) -> None:
        self.steps += 1
        self.used_seconds += self.cost

    def pause(self, because: str | None = None) -> None:
        self.state, self.message = State.PAUSED, str(because)


def given(jobs: Iterable[Job], rounds: int, fair: Turns | None = None) -> Turns:
    """Turns that have given so many."""
    fair = fair or Turns(Nobody(), math.inf)
    for _ in range(rounds):
        fair.give(jobs)  # type: ignore[arg-type]
    return fair


def test_a_seat_with_five_runs_gets_as_much_as_one_with_one_and_shares_it_among_them() -> None:
    many, one = [Job(f"a{number}", seat=1) for number in range(5)], Job("b", seat=2)
    given([*many, one], 1000)
    assert abs(one.steps - 500) <= 1
    assert all(abs(job.steps - 100) <= 1 for job in many)


def test_a_seat_pays_for_dear_steps_and_for_what_showing_its_runs_takes() -> None:
    dear, cheap, shown = Job("a", 1, cost=0.04), Job("b", 2), Job("c", 3)
    fair = Turns(Nobody(), math.inf)
    for _ in range(1000):
        given([dear, cheap, shown], 1, fair)
        shown.used_seconds += 0.005
    assert abs(4 * dear.steps - cheap.steps) <= 4
    assert shown.steps < cheap.steps / 2


def test_without_a_class_each_run_has_its_share() -> None:
    jobs = [Job(str(number)) for number in range(6)]
    given(jobs, 600)
    assert all(abs(job.steps - 100) <= 1 for job in jobs)


def test_a_seat_that_rested_starts_level_with_the_others() -> None:
    early, late = Job("a", 1), Job("b", 2)
    fair = given([early], 500)
    given([early, late], 100, fair)
    assert abs(late.steps - 50) <= 1
    late.state = State.PAUSED
    given([early, late], 500, fair)
    late.state = State.RUNNING
    given([early, late], 100, fair)
    assert abs(late.steps - 100) <= 2


def test_where_too_many_train_it_is_the_seat_with_most_that_gives_way() -> None:
    jobs = [Job(f"a{number}", 1) for number in range(4)] + [Job("b", 2)]
    for at, job in enumerate(jobs):
        job.played_at = at
    given(jobs, 1, Turns(Nobody(), math.inf, most=lambda: 4))
    assert [job.id for job in jobs if job.state is State.PAUSED] == ["a3"]
