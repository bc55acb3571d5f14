"""What the pages of a student say of what the class does not allow, and that a press does not do it all the same."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.classroom.classroom import Classroom
from ganlab.classroom.limits import NO_OWN_DATA, NO_SWEEPS, Limits
from ganlab.classroom.state import TEACHER
from ganlab.experiment import ExperimentError
from ganlab.runs.gate import OPEN, Gate
from ganlab.ui import classroom, session, stored, working
from tests.ui.page import SHELL, choose, opened, press, run_of, until, widget


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Classroom:
    """A class; pages are those of its only seat."""
    made = Classroom(None)
    number = made.join(made.state.code)[0].number
    monkeypatch.setattr(classroom, "room", lambda: made)
    monkeypatch.setattr(classroom, "who", lambda: number)
    return made


def sweep_page() -> AppTest:
    app = opened(x="g_width:8,d_width:8")
    return app.switch_page(str(SHELL.with_name("sweep.py"))).run()


def said(app: AppTest) -> list[str]:
    return [str(each.value) for each in app.info]


def test_a_student_s_pages_say_what_is_off_and_the_teacher_s_do_not(
    held: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for allowed in (False, True):
        held.limit(Limits(sweeps=allowed, own_data=allowed))
        assert opened().button(key="own_data").disabled is not allowed
        wall = sweep_page()
        assert wall.button(key="sweep_train").disabled is not allowed
        assert (NO_SWEEPS in said(wall)) is not allowed
    held.limit(Limits())
    monkeypatch.setattr(classroom, "who", lambda: TEACHER)
    assert not opened().button(key="own_data").disabled
    assert not sweep_page().button(key="sweep_train").disabled


def test_data_and_files_handed_in_by_other_ways_are_refused(held: Classroom) -> None:
    with pytest.raises(ExperimentError, match="data of your own are off"):
        working.hand_in("own_points", "0" * 64)
    app = opened(x="data:own_points,own_data:" + "0" * 64)  # a link to data that are not here asks for them
    assert NO_OWN_DATA in said(app)
    assert not app.get("file_uploader")


def test_no_more_runs_get_a_name_than_are_kept(held: Classroom, monkeypatch: pytest.MonkeyPatch) -> None:
    held.limit(Limits(kept=2))
    for run_id in ("a", "b", "c"):
        held.claim(run_id, held.state.seats[0].number)
    named = SimpleNamespace(runs=lambda: [SimpleNamespace(id=run_id, name="Mine") for run_id in ("a", "b")])
    monkeypatch.setattr(stored, "store", lambda: named)
    assert "2 of your runs have a name" in classroom.why_no_name("c")
    assert not classroom.why_no_name("a"), "it is one of them"


def test_a_step_in_a_paused_class_is_refused_and_the_page_says_who_paused_it() -> None:
    app = opened(x="g_width:8,d_width:8")
    run = run_of(app)
    session.lab().set_gate(Gate(closed=True))
    try:
        for key in ("step", "step_d", "step_g"):
            press(app, key)
            assert ["paused the class" in str(each.value) for each in app.warning] == [True]
        session.lab().set_gate(Gate(closed=True, open_to=frozenset({run.id})))  # a run of the teacher
        press(app, "step")
        until(lambda: run.iteration == 1)
        assert not app.warning
    finally:
        session.lab().set_gate(OPEN)


def test_locked_settings_are_shown_and_can_t_be_changed_and_the_page_says_who_locked_them(
    held: Classroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened()
    rate = run_of(app).experiment.lr_g
    held.lock(("rates",))
    choose(app, "lr_g", "0.1")  # on a page that has not heard of the lock
    assert run_of(app).experiment.lr_g == rate
    assert any("has locked optimisers and rates" in str(each.value) for each in app.error)
    app.run()
    assert widget(app, "setting_lr_g").disabled and not widget(app, "setting_loss").disabled
    told = [str(each.value) for each in app.caption]
    assert told.count(":material/lock: Your teacher has locked optimisers and rates.") == 2  # of G and of D
    choose(app, "loss", "hinge")
    assert run_of(app).experiment.loss == "hinge"
    monkeypatch.setattr(classroom, "who", lambda: TEACHER)
    assert not widget(opened(), "setting_lr_g").disabled
