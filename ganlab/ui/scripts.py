"""How our scripts get into the browser, and what each of them needs to know of its surroundings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ganlab.live.colours import COLOURS
from ganlab.live.routes import assets_path, module_names
from ganlab.views import VIEWS
from ganlab.views.view import Page

# By the last part of a page's address: the module that its component is, and the page whose views that draws.
ENTRIES: Mapping[str, tuple[str | None, Page | None]] = {
    "": ("board/live.js", "train"),
    "model": ("model/model.js", "model"),
    "collapse": ("collapse/collapse.js", "collapse"),
    "compare": ("compare/compare.js", None),
    "sweep": ("wall/wall.js", None),
    "latent": ("latent/latent.js", None),
    "export": (None, None),
}

WIDGETS = ("BidiComponent", "Button", "Html", "NumberInput", "Selectbox")  # of Streamlit; the first a page shows
_STREAMLIT_IMPORT = re.compile(r'from"\./([\w.-]+\.js)"')

# Streamlit sends a component's script with every rerun, so this one only fetches the real one, which browsers keep.
# It does so once: two imports under way at the same time may end in either order, and the older call came last.
# It names every module at once, where the browser would find them one import after another; on the first page of a
# visit they have come by then, since the page itself named them (`modules_of`).
# Addresses are relative to the page's, as Streamlit's own are: a proxy may serve the app under a path of its own.
_LOADER = """
let live;
function load({ assets, modules }) {
  const address = (name) => new URL(assets + name, document.baseURI).href;
  const links = modules.map((name) =>
    Object.assign(document.createElement("link"), { rel: "modulepreload", href: address(name) }),
  );
  document.head.append(...links);
  return import(address("ENTRY"));
}
export default async function (component) {
  live ??= load(component.data);
  return (await live).default(component);
}
"""


def loader(entry: str) -> str:
    """The script of a component that is one of our modules; its data must hold the `surroundings`."""
    return _LOADER.replace("ENTRY", entry)


def surroundings(entry: str, page: Page | None = None) -> dict[str, Any]:
    """What every live component is given: the palette, where the server has what, and the views with cards on a page.

    A page imports by name the modules that draw its views: they are named for the browser with the others.
    """
    return {
        "colours": {name: dict(palette) for name, palette in COLOURS.items()},
        "assets": assets_path(),
        "modules": _modules(entry, page),
        "views": _views(page),
    }


@cache
def modules_of(page: str) -> tuple[str, ...]:
    """Returns the modules that a page of the app needs, Streamlit's and ours; none for what is no page.

    `page` is the last part of a page's address; the modules' addresses are relative to it.
    """
    if page not in ENTRIES:
        return ()
    entry, views_of = ENTRIES[page]
    return *_widgets(), *(assets_path() + name for name in (_modules(entry, views_of) if entry else ()))


def _widgets() -> list[str]:
    """Streamlit's modules for the widgets that come first, which it asks for only when it is to show one."""
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    waiting = [file for name in WIDGETS for file in folder.glob(f"{name}.*.js")]
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in found and file.is_file():
            found.add(file)
            waiting += [folder / name for name in _STREAMLIT_IMPORT.findall(file.read_text(encoding="utf-8"))]
    return sorted(f"static/js/{file.name}" for file in found)


def _modules(entry: str, page: Page | None) -> list[str]:
    return list(module_names(entry, *(f"views/{name}.js" for name in _views(page))))


def _views(page: Page | None) -> list[str]:
    return [view.name for view in VIEWS.values() if page in view.pages]
