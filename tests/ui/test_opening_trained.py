"""A preset that comes trained is opened so from the Train page and from the gallery, and says where it began."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from ganlab.presets import PRESETS
from ganlab.runs import State
from ganlab.runs.trained.starts import trained_starts
from tests.ui.page import opened, press, run_of, until

NAME = "mnist-dcgan"


def said(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def keys(app: AppTest) -> set[str]:
    return {button.key or "" for button in app.button}


def test_the_train_page_opens_a_preset_trained() -> None:
    app = opened(x=PRESETS[NAME].experiment.to_link())
    untrained = run_of(app)
    press(app, "trained")
    run = run_of(app)
    assert (run.state, run.iteration) == (State.PAUSED, trained_starts()[NAME].iterations)
    assert run.experiment == PRESETS[NAME].experiment
    assert run is not untrained
    assert PRESETS[NAME].explanation in said(app)
    assert "This run came trained" in said(app)
    assert "trained" not in keys(app), "it is open already"
    press(app, "reset")
    until(lambda: run_of(app).iteration == 0)
    assert "This run came trained" not in said(app)
    assert "trained" in keys(app)


def test_the_gallery_opens_it_too_and_only_offers_what_is_there() -> None:
    app = opened()
    assert "trained" not in keys(app), "the default preset needs no trained start"
    press(app, "gallery")
    offered = {key.removeprefix("trained_open_") for key in keys(app) if key.startswith("trained_open_")}
    assert offered <= set(trained_starts())
    press(app, f"trained_open_{NAME}")
    assert run_of(app).iteration == trained_starts()[NAME].iterations
    assert not any(key.startswith("open_") for key in keys(app)), "the gallery is closed"


def test_changed_settings_are_not_offered_trained() -> None:
    app = opened(x=PRESETS[NAME].experiment.changed(lr_g=1e-4).to_link())
    assert "trained" not in keys(app)
