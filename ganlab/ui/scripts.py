"""How our scripts get into the browser, and what each of them needs to know of its surroundings."""

from __future__ import annotations

from typing import Any

from ganlab.live.colours import COLOURS
from ganlab.live.routes import assets_path, module_names
from ganlab.views import VIEWS
from ganlab.views.view import Page

# Streamlit sends a component's script with every rerun, so this one only fetches the real one, which browsers keep.
# It does so once: two imports under way at the same time may end in either order, and the older call came last.
# It names every module at once, where the browser would find them one import after another.
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
    views = [view.name for view in VIEWS.values() if page in view.pages]
    return {
        "colours": {name: dict(palette) for name, palette in COLOURS.items()},
        "assets": assets_path(),
        "modules": list(module_names(entry, *(f"views/{name}.js" for name in views))),
        "views": views,
    }
