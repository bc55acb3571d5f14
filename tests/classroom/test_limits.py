"""What a seat may do, and that the teacher may do all."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from pydantic import ValidationError

from ganlab.classroom.classroom import Classroom
from ganlab.classroom.limits import LARGE, Limits
from ganlab.classroom.rules import RulesOfAClass
from ganlab.classroom.state import TEACHER
from ganlab.experiment import Experiment, ExperimentError
from ganlab.runs import Lab, LabFull, Run, State
from ganlab.runs.audience import Nobody
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store
from ganlab.runs.sweeps.plan import Axis, Plan
from ganlab.runs.turns import Turns
from ganlab.training.cost import operations
from tests.runs.test_lab import Watcher, wait_until
from tests.runs.test_turns import Job

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16, device="cpu")
HUGE = Experiment.of(g_width=1024, d_width=1024, batch_size=4096, device="cpu")


class Class:
    """A class with one seat; `who` asks the Lab now."""

    def __init__(self, limits: Limits) -> None:
        self.room = Classroom(None)
        self.seat = self.who = self.room.join(self.room.state.code)[0].number
        self.room.limit(limits)
        self.rules = RulesOfAClass(self.room, lambda: self.who)


def test_one_run_too_many_of_a_seat_is_paused_with_what_to_do_and_the_teacher_s_is_not() -> None:
    held = Class(Limits(training=2))
    jobs = [Job(f"s{number}", held.seat) for number in range(3)] + [Job(f"t{number}", TEACHER) for number in range(3)]
    for at, job in enumerate(jobs):
        job.played_at = at
    fair = Turns(Nobody(), math.inf, policy=held.rules)
    fair.give(jobs)  # type: ignore[arg-type]
    assert [job.id for job in jobs if job.state is State.PAUSED] == ["s2"]
    assert "this class may train at once: 2. Pause one of them" in str(jobs[2].message)
    held.room.limit(Limits(training=1))
    fair.give(jobs)  # type: ignore[arg-type]
    assert [job.id for job in jobs if job.state is State.PAUSED] == ["s1", "s2"]


@pytest.mark.parametrize("limits", [Limits(), Limits(sweeps=True, large=True)])
def test_what_the_teacher_has_not_allowed_is_refused_to_a_seat_alone(limits: Limits) -> None:
    held = Class(limits)
    assert operations(HUGE) > LARGE > operations(SMALL)
    wall = Plan(SMALL, Axis("lr_g", (1e-3, 1e-4)))
    with Lab(policy=held.rules) as lab:
        for who in (TEACHER, held.seat):
            held.who = who
            if who == TEACHER or limits.sweeps:
                assert lab.create_sweep(wall).seat == who
                assert lab.create(HUGE).seat == who
                continue
            with pytest.raises(ExperimentError, match=r"walls are off for students.*your teacher"):
                lab.create_sweep(wall)
            with pytest.raises(ExperimentError, match=r"times as much computing.*Choose a smaller"):
                lab.create(HUGE)
            with pytest.raises(ExperimentError, match="computing"):
                lab.fork(lab.create(SMALL), g_width=1024, d_width=1024, batch_size=4096)


def trained(lab: Lab, name: str = "") -> Run:
    run = lab.create(SMALL)
    run.rename(name)
    run.step()
    wait_until(lambda: run.iteration == 1)
    return run


def test_a_seat_keeps_so_many_runs_the_oldest_without_a_name_make_room(tmp_path: Path) -> None:
    held, store = Class(Limits(kept=3)), Store(tmp_path)
    with Lab(keeper=Keeper(store, save_seconds=0), policy=held.rules) as lab:
        held.who = TEACHER
        teachers = [trained(lab).id for _ in range(4)]
        held.who = held.seat
        named = trained(lab, "Keep me").id
        runs = [trained(lab).id for _ in range(5)]
    kept = {run.id for run in store.runs()}
    assert kept == {*teachers, named, *runs[-3:]}  # those in memory, and what has a name


def test_a_seat_with_all_its_runs_open_gets_no_other_one() -> None:
    held, watcher = Class(Limits(kept=2)), Watcher()
    with Lab(watcher, policy=held.rules) as lab:
        watcher.open.update(lab.create(SMALL).id for _ in range(2))
        with pytest.raises(LabFull, match=r"2 of your runs are open, and all of them are in use. Close or pause one"):
            lab.create(SMALL)
        held.who = TEACHER
        lab.create(SMALL)


@pytest.mark.parametrize("wrong", [{"training": 0}, {"kept": 1}, {"kept": 10**9}, {"more": 1}, {"sweeps": "yes"}])
def test_nonsense_is_no_limit(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Limits.model_validate(wrong, strict=True)
