"""All views, found in this folder: each is a module that holds a `VIEW`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ganlab.experiment import Experiment
from ganlab.views.view import Page, View


@cache
def all_views() -> Mapping[str, View]:
    """Every view by its name, in the order in which pages show their cards."""
    modules = [import_module(f"ganlab.views.{found.name}") for found in iter_modules([str(Path(__file__).parent)])]
    views = [module.VIEW for module in modules if hasattr(module, "VIEW")]
    return {view.name: view for view in sorted(views, key=lambda view: (view.place, view.name))}


@cache
def all_names() -> frozenset[str]:
    """What may be asked for: views, and their parts."""
    return frozenset(all_views()) | {f"{view.name}.{part}" for view in all_views().values() for part in view.parts}


def views_of(e: Experiment) -> tuple[View, ...]:
    """The views that have a meaning for what this experiment trains."""
    return tuple(view for view in all_views().values() if view.applies(e))


def cards_of(e: Experiment, page: Page) -> tuple[str, ...]:
    """The names of the views that have a card on this page, in the order of the cards."""
    return tuple(view.name for view in views_of(e) if page in view.pages and not view.crowded_out(e))
