"""A walk-through on the train page: its text, and a stepper that opens each step."""

from __future__ import annotations

from ganlab.presets.walkthroughs import WALKTHROUGHS
from ganlab.ui.train.clinic import SHOWS_AFTER
from tests.ui.page import opened, press, run_of, until, widget
from tests.ui.test_clinic_page import both, texts


def test_a_walkthrough_shows_its_page_and_steps_to_what_is_right(gone_to: list[str]) -> None:
    app, walk = opened(), WALKTHROUGHS[2]
    widget(app, "preset").select(walk.steps[0].name).run()
    assert not app.exception
    assert run_of(app).experiment == walk.steps[0].experiment
    for text in (walk.shows, walk.watch, walk.ours, *walk.wrongly, *walk.questions):
        assert text in texts(app)
    assert "The mistake:" not in texts(app), "the clinic leaves it to the walk-through"
    assert "makes a mistake on purpose: labels of ones for both" in texts(app), "beside the formulas"
    press(app, "fix")
    assert gone_to == ["compare.py"]
    wrong, right = both(app).values()
    assert wrong is run_of(app)
    assert right.experiment.differences(wrong.experiment) == {"mistake": "none"}
    until(lambda: wrong.iteration == right.iteration == SHOWS_AFTER, seconds=300)
    press(app, f"walk_{walk.steps[1].name}")
    assert "fix" not in [button.key for button in app.button]
    assert "mistake on purpose" not in texts(app)
    assert run_of(app).experiment == walk.steps[1].experiment
    assert walk.shows in texts(app)


def test_other_runs_have_no_stepper() -> None:
    app = opened()
    assert not [button.key for button in app.button if (button.key or "").startswith("walk_")]
