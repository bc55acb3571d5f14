"""Conditional runs on the train page: what is refused in a sentence, what the theory shows, what a slider does."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ganlab.experiment import Experiment
from ganlab.runs import Run
from ganlab.ui.train import watch

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"
SMALL = "g_width:8,d_width:8,batch_size:16"


def opened(link: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=30)
    app.query_params["x"] = link
    app.run()
    assert not app.exception
    return app


def choose_condition(app: AppTest, value: str) -> None:
    generation = app.session_state["generations"]["setting_condition"]
    app.get_by_key(f"setting_condition.{generation}").set_value(value).run()
    assert not app.exception


def test_a_condition_on_data_without_classes_is_refused_in_a_sentence() -> None:
    app = opened(f"data:moons,{SMALL}")
    choose_condition(app, "concat")
    assert "Two moons has no classes to ask for" in app.error[0].value
    assert app.session_state["tab"].run.experiment.condition == "none"


@pytest.mark.parametrize(
    ("link", "formula"),
    [
        ("condition:concat", "[x; y]"),
        ("condition:auxiliary", "L_C(x)"),
        ("condition:projection", r"y^\top V \phi(x)"),
        ("info_categories:4,info_continuous:1", r"\log K"),
    ],
)
def test_the_theory_shows_the_formula(link: str, formula: str) -> None:
    app = opened(f"{link},{SMALL}")
    assert any(formula in latex.value for latex in app.latex)


def test_a_turned_dial_reaches_the_runs_view(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(Experiment.of(info_categories=3, info_continuous=1))
    told = SimpleNamespace(codes={"category": 2, "dials": [0.5, 0, 0, 0], "turned": 0})
    monkeypatch.setattr(st, "session_state", {"live_view": told})
    watch._dial(run)
    assert (run.view.category, run.view.dials) == (2, (0.5, 0.0, 0.0, 0.0))
    assert watch.shown_codes(run)["categories"] == 3
