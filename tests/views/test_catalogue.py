"""Every view is declared once in Python and, where it has a card, drawn by one module of the browser."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import ganlab.views
from ganlab.experiment import Experiment
from ganlab.presets import PRESETS
from ganlab.views import VIEWS, cards_of

DRAWN = {Path(str(file)).stem: file for file in (files("ganlab.browser") / "views").iterdir()}


def test_every_declaration_is_found_and_named_as_its_module() -> None:
    folder = Path(ganlab.views.__path__[0])
    declared = [file.stem for file in folder.glob("*.py") if re.search("^VIEW = ", file.read_text("utf-8"), re.M)]
    assert sorted(VIEWS) == sorted(declared)
    assert all(name == view.name for name, view in VIEWS.items())


def test_a_module_of_the_browser_draws_each_view_on_the_pages_that_it_declares() -> None:
    assert {name for name, view in VIEWS.items() if view.pages} == set(DRAWN)
    for name, file in DRAWN.items():
        exported = re.findall(r"^export const (\w+) = \(room", file.read_text(encoding="utf-8"), re.M)
        assert set(exported) == VIEWS[name].pages, name


def test_each_page_has_one_large_card_and_it_comes_first() -> None:
    for experiment in [Experiment(), *(preset.experiment for preset in PRESETS.values())]:
        cards = [VIEWS[name] for name in cards_of(experiment, "train")]
        assert [card.place for card in cards].count(0) == 1
        assert cards[0].place == 0


def test_the_dirac_game_shows_little_but_its_path() -> None:
    dirac = PRESETS["dirac-r1"].experiment
    assert cards_of(dirac, "train") == ("phase", "losses", "scores", "gradients")
    assert cards_of(dirac, "collapse") == ()
