"""The live view's own modules, called in the browser: they read what Python wrote, and compute what they say."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from ganlab.live.frames import Quantised, encode
from ganlab.live.routes import assets_path

if TYPE_CHECKING:
    from conftest import Server


class Modules:
    """Calls into the modules of ganlab/browser."""

    def __init__(self, page: Page, base: str) -> None:
        self._page = page
        self._base = base

    def run(self, module: str, body: str, argument: Any = None) -> Any:
        """What `body` returns, with the module as `m` and the argument as `a`."""
        script = f"async ({{ address, a }}) => {{ const m = await import(address); {body} }}"
        return self._page.evaluate(script, {"address": self._base + module, "a": argument})


@pytest.fixture(scope="module")
def modules(browser: Browser, server: Server) -> Iterator[Modules]:
    page = browser.new_page()
    page.goto(f"{server.address}/_stcore/health")
    yield Modules(page, f"{server.address}/{assets_path()}")
    page.close()


def test_the_browser_reads_what_python_wrote(modules: Modules) -> None:
    points = np.random.default_rng(0).normal(size=(50, 2))
    points[7, 1] = np.nan
    frame = encode(
        {
            "message": "Größe √2",
            "loss": float("nan"),
            "points": Quantised(points),
            "surface": Quantised(np.linspace(0, 1, 12).reshape(3, 4), 8),
            "counts": np.array([3, 0, 70000]),
            "curve": np.array([0.5, np.inf], np.float32),
        }
    )
    seen = modules.run(
        "base/frame.js",
        """
        const frame = m.decode(Uint8Array.from(atob(a), (c) => c.charCodeAt(0)).buffer);
        const plain = (array) => ({ shape: array.shape, values: [...array] });
        return { ...frame, points: plain(frame.points), surface: plain(frame.surface),
                 counts: [...frame.counts], curve: [...frame.curve] };
        """,
        base64.b64encode(frame).decode(),
    )
    assert (seen["message"], seen["loss"], seen["counts"]) == ("Größe √2", None, [3, 0, 70000])
    assert seen["curve"] == [0.5, float("inf")]
    assert seen["points"]["shape"] == [50, 2]
    np.testing.assert_allclose(seen["points"]["values"], points.ravel(), atol=1e-4)
    np.testing.assert_allclose(seen["surface"]["values"], np.linspace(0, 1, 12), atol=1 / 254)


def test_what_is_not_a_frame_is_refused(modules: Modules) -> None:
    body = "try { m.decode(new ArrayBuffer(16)); } catch (error) { return error.message; }"
    assert "not a GanLab frame" in modules.run("base/frame.js", body)


def test_the_contour_of_a_cone_is_a_circle(modules: Modules) -> None:
    axis = np.linspace(-1, 1, 64)
    cone = np.hypot(*np.meshgrid(axis, axis))
    segments = np.array(
        modules.run(
            "drawing/contour.js",
            "const found = []; m.contour(a, 64, 64, 0.5, (...ends) => found.push(ends)); return found;",
            cone.ravel().tolist(),
        )
    )
    ends = segments.reshape(-1, 2) * (2 / 63) - 1
    np.testing.assert_allclose(np.hypot(*ends.T), 0.5, atol=1e-3)
    lengths = np.hypot(*(segments[:, 2:] - segments[:, :2]).T) * (2 / 63)
    assert lengths.sum() == pytest.approx(np.pi, rel=1e-3)


@pytest.mark.parametrize(("middle", "joined"), [(0.6, True), (0.4, False)])
def test_a_saddle_is_parted_as_its_middle_says(modules: Modules, middle: float, joined: bool) -> None:
    low, high = 0.0, 2 * middle  # corners: high, low, high, low; their mean is the middle
    body = "const found = []; m.contour(a, 2, 2, 0.5, (...ends) => found.push(ends)); return found;"
    segments = modules.run("drawing/contour.js", body, [high, low, low, high])
    cuts_off_a_low_corner = any(x1 + x2 > y1 + y2 for x1, y1, x2, y2 in segments)
    assert len(segments) == 2
    assert cuts_off_a_low_corner == joined


def test_axes_keep_still_while_curves_wobble(modules: Modules) -> None:
    ranges = modules.run(
        "base/numbers.js",
        "const range = new m.SteadyRange(); return a.map(([lo, hi]) => range.fit(lo, hi));",
        [[0.1, 0.9], [0.15, 0.8], [0.2, 0.95], [0.2, 1.3], [0.2, 0.9], [0.5, 0.6]],
    )
    assert ranges[0] == ranges[1] == ranges[2]
    assert ranges[3][1] >= 1.3
    assert ranges[4] == ranges[3]
    assert ranges[5][1] - ranges[5][0] < 0.5


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1.3863, "1.39"),
        (-0.5, "−0.50"),
        (0.0213, "0.021"),
        (12.34, "12.3"),
        (4e-7, "4.0e−7"),
        (2.5e6, "2.5e6"),
    ],
)
def test_numbers_are_written_with_three_digits(modules: Modules, value: float, text: str) -> None:
    assert modules.run("base/numbers.js", "return m.figure(a);", value) == text


@pytest.mark.parametrize(("iterations", "end"), [(0, 20), (21, 25), (1001, 1250), (9000, 10000)])
def test_the_axis_of_iterations_ends_on_a_round_number(modules: Modules, iterations: int, end: int) -> None:
    assert modules.run("base/numbers.js", "return m.roundEnd(a);", iterations) == end


@pytest.mark.parametrize(
    ("cured", "ill", "said"),
    [
        ({"then": 0, "now": 8}, {"now": 0}, "It cures the collapse."),
        ({"then": 0, "now": 8}, {"now": 8}, "No better than without it"),
        ({"then": 8, "now": 7}, {"now": 8}, "There was nothing to cure"),
        ({"then": 8, "now": 0}, {"now": 8}, "It has made it worse"),
        ({"then": 8, "now": 0}, {"now": 0}, "There was nothing to cure"),
        ({"then": 3, "now": 2}, {"now": 3}, "It has made it worse"),
    ],
)
def test_a_remedy_is_judged_by_the_fork_and_by_what_went_on_without_it(
    modules: Modules, cured: dict[str, int], ill: dict[str, int], said: str
) -> None:
    assert said in modules.run(
        "collapse/story.js", "return m.verdict(...a)[1]", [{**cured, "total": 8, "looks": 9}, {**ill, "looks": 9}]
    )
