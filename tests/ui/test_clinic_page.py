"""The clinic on the train page: the note of each case, and the button that puts it right."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.presets.clinic import CASES, Case
from ganlab.runs import Run
from ganlab.training.clinic import wrong_and_right
from tests.ui.page import opened, press, run_of, trained, widget


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.code))


def case_opened(case: Case) -> tuple[AppTest, Run]:
    app = opened()
    widget(app, "preset").select(case.name).run()
    assert not app.exception
    return app, run_of(app)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_a_case_says_what_is_wrong_and_shows_both_pieces_of_code(case: Case) -> None:
    app, run = case_opened(case)
    assert run.experiment == case.broken
    for text in (case.wrong, case.watch, case.why, case.fix, case.seen_in, *wrong_and_right(case)):
        assert text in texts(app)
    press(app, "fix")
    assert run_of(app).experiment == case.fixed(case.broken)
    assert "fix" not in [button.key for button in app.button]
    assert case.wrong in texts(app)


def test_the_fix_starts_from_the_same_seed_and_keeps_the_broken_run() -> None:
    app, _ = case_opened(CASES["clinic-wrong-sign"])
    broken = trained(app)
    press(app, "fix")
    fixed = run_of(app)
    assert fixed is not broken
    assert fixed.experiment.differences(broken.experiment) == {"mistake": "none"}
    press(app, "back")
    assert run_of(app) is broken
    assert app.button(key="fix").label == "Show the fix"


def test_a_shared_link_to_a_broken_run_brings_its_note_along() -> None:
    app = opened(x="mistake:wrong_sign,g_width:8,d_width:8,seed:3")
    assert CASES["clinic-wrong-sign"].wrong in texts(app)
    press(app, "fix")
    assert run_of(app).experiment.seed == 3
    assert run_of(app).experiment.mistake == "none"


def test_other_runs_have_neither_note_nor_button() -> None:
    app = opened()
    assert "fix" not in [button.key for button in app.button]
    assert "The mistake" not in texts(app)
