"""Settings that the teacher has locked: no way of making a run goes round a lock, and what is left is said."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ganlab.classroom.classroom import Classroom
from ganlab.classroom.limits import Limits
from ganlab.classroom.locked_settings import LABELS, LOCKS, Lock, check_changes, lock_of
from ganlab.classroom.rules import RulesOfAClass
from ganlab.classroom.state import TEACHER
from ganlab.experiment import Experiment, ExperimentError
from ganlab.presets import DEFAULT, PRESETS
from ganlab.runs import Lab
from ganlab.runs.sweeps.plan import Axis, Plan

SMALL = Experiment.of(g_width=8, d_width=8, batch_size=16, device="cpu")


def test_every_setting_is_of_one_group() -> None:
    assert {lock_of(field) for field in Experiment.model_fields} == set(LABELS)
    some = {
        "data": "data", "g_width": "architecture", "dropout": "architecture", "lr_d": "rates", "n_critic": "rates",
        "loss": "loss", "augment": "loss", "seed": "training",
    }  # fmt: skip
    assert {field: lock_of(field) for field in some} == some


def test_a_live_change_of_what_is_locked_is_refused_and_of_the_rest_is_not() -> None:
    locks: tuple[Lock, ...] = ("rates", "loss")
    for changes in ({"lr_g": 0.1}, {"loss": "hinge", "seed": 3}):
        with pytest.raises(ExperimentError, match="Your teacher has locked"):
            check_changes(locks, changes)
    check_changes(locks, {"seed": 3})


def test_no_new_run_of_a_student_goes_round_a_lock() -> None:
    room = Classroom(None)
    seat = room.join(room.state.code)[0].number
    room.limit(Limits(sweeps=True))
    who = seat
    with Lab(policy=RulesOfAClass(room, lambda: who)) as lab:
        before = lab.create(SMALL)
        room.lock(("loss", "architecture"))
        other = SMALL.changed(loss="hinge")
        refused = r"Your teacher has locked loss and regularisers\. You can go on from your own runs"
        for attempt in (
            lambda: lab.create(other),
            lambda: lab.fork(before, loss="hinge"),
            lambda: lab.try_remedy(lab.begin_trial(before), r1_weight=1.0),
            lambda: lab.create_sweep(Plan(SMALL, Axis("r1_weight", (0.0, 1.0)))),
        ):
            with pytest.raises(ExperimentError, match=refused):
                attempt()
        with pytest.raises(ExperimentError, match="has locked the networks, loss and regularisers"):
            lab.create(PRESETS["ring-wgan-gp"].experiment)
        # What is not locked, what the student had, and what GanLab opens with.
        lab.create(SMALL.changed(lr_g=0.01, seed=4, data="grid"))
        lab.create_sweep(Plan(SMALL, Axis("lr_g", (1e-3, 1e-4))))
        lab.create(DEFAULT.experiment)
        # What the teacher has, and sends.
        who = TEACHER
        sent = lab.create(other.changed(g_width=16))
        who = seat
        with pytest.raises(ExperimentError, match="locked"):
            lab.fork(sent)
        room.send(sent.id, "Hinge")
        lab.fork(sent)


@pytest.mark.parametrize("groups", [["everything"], [1], ["loss", {}]])
def test_nonsense_locks_nothing(groups: list[object]) -> None:
    with pytest.raises(ValidationError):
        LOCKS.validate_python(groups)
