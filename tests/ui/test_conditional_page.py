"""Conditional runs on the train page: what is refused in a sentence, what the theory shows, what a slider does."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import streamlit as st

from ganlab.experiment import Experiment
from ganlab.runs import Run
from ganlab.ui.train import watch
from tests.ui.page import SMALL, choose, opened


def test_a_condition_on_data_without_classes_is_refused_in_a_sentence() -> None:
    app = opened(x=f"data:moons,{SMALL}")
    choose(app, "condition", "concat")
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
    app = opened(x=f"{link},{SMALL}")
    assert any(formula in latex.value for latex in app.latex)


def test_a_turned_dial_reaches_the_runs_view(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(Experiment.of(info_categories=3, info_continuous=1))
    told = SimpleNamespace(codes={"category": 2, "dials": [0.5, 0, 0, 0], "turned": 0})
    monkeypatch.setattr(st, "session_state", {"live_view": told})
    watch._dial(run)
    assert (run.view.category, run.view.dials) == (2, (0.5, 0.0, 0.0, 0.0))
    assert watch.shown_codes(run)["categories"] == 3
