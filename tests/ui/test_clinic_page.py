"""The clinic on the train page: the note of each case, and the button that puts it right."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.presets.clinic import CASES, Case
from ganlab.runs import Run
from ganlab.training.clinic import wrong_and_right
from ganlab.ui import session
from ganlab.ui.train.clinic import NAMES, SHOWS_AFTER
from tests.ui.page import choose, opened, press, run_of, trained, until, widget


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.code))


def case_opened(case: Case) -> tuple[AppTest, Run]:
    app = opened()
    widget(app, "preset").select(case.name).run()
    assert not app.exception
    return app, run_of(app)


def both(app: AppTest) -> dict[str, Run]:
    """The runs that the Compare page would show, by their names."""
    tab = app.session_state["tab"]
    return {label.name: session.lab().get(key) for key, label in tab.labels.items() if not label.hidden}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_case_says_what_is_wrong_and_shows_both_pieces_of_code(case: Case) -> None:
    app, run = case_opened(case)
    assert run.experiment == case.broken
    for text in (case.wrong, case.watch, case.why, case.fix, case.seen_in, *wrong_and_right(case)):
        assert text in texts(app)


def test_the_fix_is_shown_beside_the_mistake_from_the_same_seed_and_trained_as_long(gone_to: list[str]) -> None:
    app, broken = case_opened(CASES["clinic-wrong-sign"])
    trained(app)
    press(app, "fix")
    assert gone_to == ["compare.py"]
    shown = both(app)
    assert list(shown) == list(NAMES)
    wrong, right = shown.values()
    assert wrong is broken is run_of(app), "the Train page keeps the run with the mistake"
    assert right.experiment.differences(broken.experiment) == {"mistake": "none"}
    until(lambda: wrong.iteration == right.iteration == SHOWS_AFTER, seconds=300)


def test_a_run_that_is_ahead_waits_until_the_fix_has_caught_up(gone_to: list[str]) -> None:
    app = opened(x="mistake:wrong_sign,g_width:8,d_width:8,batch_size:16,seed:3")
    assert CASES["clinic-wrong-sign"].wrong in texts(app)
    ahead = trained(app, SHOWS_AFTER + 1).iteration
    press(app, "fix")
    wrong, right = both(app).values()
    assert (right.experiment.seed, right.experiment.mistake) == (3, "none")
    until(lambda: right.iteration == ahead, seconds=300)
    assert wrong.iteration == ahead


def test_a_run_that_was_corrected_keeps_its_note_and_has_no_button() -> None:
    case = CASES["clinic-rates-apart"]
    app, _ = case_opened(case)
    choose(app, "lr_d", 2e-3)
    assert case.watch in texts(app) and "corrected in this run" in texts(app)
    assert "fix" not in [button.key for button in app.button]


def test_other_runs_have_neither_note_nor_button() -> None:
    app = opened()
    assert "fix" not in [button.key for button in app.button]
    assert "The mistake" not in texts(app)
