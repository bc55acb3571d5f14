"""The gallery through AppTest: families, what is looked for, the walk-throughs, and what each preset says of itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.presets import FAMILIES, PRESETS
from ganlab.presets.level import level
from ganlab.presets.walkthroughs import WALKTHROUGHS
from ganlab.ui.train import pictures
from tests.ui.page import opened, press, run_of


def listed(app: AppTest) -> list[str]:
    """The presets that can be opened now, in their order."""
    return [button.key.removeprefix("open_") for button in app.button if (button.key or "").startswith("open_")]


def gallery(**wishes: str) -> AppTest:
    """The gallery as it is when this is looked for."""
    app = opened()
    for key, wish in wishes.items():
        app.session_state[key] = wish
    press(app, "gallery")
    return app


def test_the_gallery_shows_a_family_and_opens_a_preset() -> None:
    app = gallery()
    assert listed(app) == [preset.name for preset in FAMILIES[0].presets]
    press(app, "open_grid")
    assert run_of(app).experiment == PRESETS["grid"].experiment
    assert listed(app) == [], "the gallery is closed"


def test_words_kind_and_level_narrow_it_down_over_all_families() -> None:
    app = gallery(presets_sought="wasserstein Ring")
    assert {"ring-wgan-gp", "published-wgan-gp-toy"} <= set(listed(app)), "of two families"
    assert {"ring-ns", "walk-4-wgan"}.isdisjoint(listed(app)), "one is no Wasserstein GAN, one not on the ring"
    dirac = [name for name, preset in PRESETS.items() if preset.experiment.data == "dirac"]
    app = gallery(presets_kind="Dirac game")
    assert listed(app) == dirac
    app = gallery(presets_kind="Dirac game", presets_level="medium")
    assert listed(app) == [name for name in dirac if level(PRESETS[name].experiment) == "medium"] != []
    app = gallery(presets_sought="nothing is called so")
    assert listed(app) == []
    assert "No preset matches" in app.info[0].value


def test_the_walkthroughs_are_five_and_unfold_to_their_steps() -> None:
    app, walk = opened(x=WALKTHROUGHS[1].steps[0].experiment.to_link()), WALKTHROUGHS[1]
    press(app, "gallery")
    assert listed(app) == [each.steps[0].name for each in WALKTHROUGHS]
    steps = [button.key for button in app.button if (button.key or "").startswith("step_walk")]
    assert steps == [f"step_{step.name}" for step in walk.steps], "those of the one that the page is on"
    press(app, steps[2])
    assert run_of(app).experiment == walk.steps[2].experiment


def test_a_preset_says_how_hard_it_is_and_how_long_it_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = PRESETS["ring-ns"].experiment.differences()
    entry = {"iterations": 857, "cpu_s": 5.0, "settings": settings, "s_per_1000": 4.0}
    other = {"settings": {"data": "grid"}, "iterations": 1, "cpu_s": 1.0, "s_per_1000": 1.0}
    (tmp_path / "pictures.json").write_text(json.dumps({"ring-ns": entry, "grid": other}))
    for name in ("ring-ns", "grid"):
        (tmp_path / f"{name}.webp").write_bytes(b"")
    monkeypatch.setattr(pictures, "site_file", lambda _: tmp_path / "pictures.json")
    pictures.pictures.cache_clear()
    assert pictures.pictures().keys() == {"ring-ns"}, "the other's settings have changed since"
    assert pictures.pictures()["ring-ns"].time(0) == "1,000 iterations: a few seconds"
    assert pictures.pictures()["ring-ns"].time(20_000) == "whole run: a minute"
    pictures.pictures.cache_clear()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "a few seconds"),
        (30, "half a minute"),
        (60, "a minute"),
        (400, "7 minutes"),
        (4000, "an hour"),
        (9000, "2 hours"),
    ],
)
def test_time_is_told_roughly(seconds: float, words: str) -> None:
    assert pictures.in_words(seconds) == words
