"""The real app in a real browser: a server of its own, a Chromium, and pages that must stay free of errors."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.serving import Server, serving

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
PATIENCE = 120_000  # milliseconds: the machine may be busy, and nothing here measures speed
HERE = Path(__file__).parent
UNHURRIED = "import tests.browser.unhurried"

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    found = os.environ.get("GANLAB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"no Chromium: set GANLAB_CHROMIUM to one, or install one of {', '.join(NAMES)}")
    return found


@pytest.fixture(scope="package")  # not longer: what it trains would slow down the other tests
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("server") / "log.txt", first=UNHURRIED) as running:
        yield running


@pytest.fixture(scope="package")  # not longer: while Playwright runs, its event loop is in the way of asyncio tests
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield launched
        launched.close()


class TrainPage:
    """The train page as a person sees it."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server

    def open(self, query: str = "") -> TrainPage:
        self.page.goto(f"{self.server.address}/{query}")
        expect(self.play.or_(self.pause)).to_be_visible()
        self.frames(1)
        return self

    @property
    def play(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile(r"^Train\b"))

    @property
    def pause(self) -> Locator:
        return self.page.get_by_role("button", name=re.compile(r"^Pause\b"))

    @property
    def lab(self) -> Locator:
        return self.page.locator(".lab")

    @property
    def iteration(self) -> int:
        return int(self.lab.get_attribute("data-iteration") or 0)

    @property
    def run_id(self) -> str:
        return str(self.page.evaluate("new URL(location).searchParams.get('run')"))

    def in_state(self, words: str) -> None:
        expect(self.lab.locator(".state")).to_have_text(words)

    def frames(self, count: int) -> None:
        """Wait until so many frames have been drawn since the view was mounted."""
        self._until("(lab, count) => Number(lab.dataset.frames) >= count", count)

    def beyond(self, iteration: int) -> None:
        """Wait until a later iteration is shown."""
        self._until("(lab, at) => Number(lab.dataset.iteration) > at", iteration)

    def at(self, iteration: int) -> None:
        """Wait until exactly this iteration is shown."""
        expect(self.lab).to_have_attribute("data-iteration", str(iteration))

    def _until(self, condition: str, argument: int) -> None:
        self.until(lambda: self.lab.evaluate(f"(lab, n) => ({condition})(lab, n)", argument))

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what is asked of the page anew each time: another run may put another view in a view's place."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not holds():
            assert time.monotonic() < deadline, "waited in vain"
            self.page.wait_for_timeout(50)

    def address_says(self, text: str, patience: float = PATIENCE) -> None:
        """Wait until the page's address holds the text."""
        holds = "text => decodeURIComponent(location.search).includes(text)"
        self.page.wait_for_function(holds, arg=text, timeout=patience)

    def type(self, label: str, text: str) -> None:
        """Type a value into a setting that suggests some."""
        box = self.page.get_by_role("combobox", name=label).first
        box.click()
        box.fill(text)
        box.press("Enter")

    def choose(self, label: str, option: str, says: str = "") -> None:
        """Pick an option of a select box, again until the address says so: a page that is being made can lose it."""
        deadline = time.monotonic() + PATIENCE / 1000
        while True:
            self.page.get_by_role("combobox", name=label).first.click()
            self.page.get_by_role("option", name=option).click()
            try:
                return self.address_says(says, PATIENCE / 10)
            except PlaywrightTimeout:
                assert time.monotonic() < deadline, "chosen in vain"


OpenPage = Callable[..., TrainPage]


@pytest.fixture(scope="package")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """What one person's browser keeps; its cache makes every page but the first load faster."""
    with closing(browser.new_context()) as context:
        context.set_default_timeout(PATIENCE)
        yield context


@pytest.fixture
def new_page(profile: BrowserContext, server: Server) -> Iterator[OpenPage]:
    """Opens pages; afterwards none may have logged an error or asked another host for anything.

    The tabs stay, blank in between: one that is used again loads a page in half of the time that a new one takes.
    """
    complaints: list[str] = []
    blank, used = list(profile.pages), list[Page]()

    def new(width: int = 1440, height: int = 900, scheme: Literal["light", "dark"] = "light") -> TrainPage:
        page = blank.pop() if blank else profile.new_page()
        used.append(page)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="no-preference")
        for event, hear in hears.items():
            page.on(event, hear)  # type: ignore[call-overload]
        return TrainPage(page, server)

    def is_foreign(url: str) -> bool:
        own = server.address.partition("://")[2]
        return url.partition("://")[2].partition("/")[0] != own and not url.startswith(("data:", "blob:"))

    hears: dict[str, Callable[..., object]] = {
        "console": lambda message: message.type == "error" and complaints.append(f"console: {message.text}"),
        "pageerror": lambda error: complaints.append(f"uncaught: {error}"),
        "request": lambda request: is_foreign(request.url) and complaints.append(f"request: {request.url}"),
        "websocket": lambda socket: is_foreign(socket.url) and complaints.append(f"socket: {socket.url}"),
    }

    def leave(page: Page) -> None:
        page.evaluate("localStorage.clear(); sessionStorage.clear()")  # the next test is another person
        for event, hear in hears.items():
            page.remove_listener(event, hear)
        page.unroute_all()
        page.goto("about:blank")

    yield new
    with ExitStack() as ends:  # of all pages, even if one of them is not as it should be
        for page in used:
            ends.callback(leave, page)
        for page in used:
            _pause_all(page)
    assert not complaints
    assert not server.tracebacks()


def _pause_all(page: Page) -> None:
    """End the training that a test began, which would go on without its page and slow down all that follow."""
    pause = page.get_by_role("button", name=re.compile("^Pause( this run)?$")).filter(visible=True)
    while training := pause.count():
        pause.first.click()
        expect(pause).not_to_have_count(training)  # one less, or none where it pauses all
