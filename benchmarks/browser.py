"""A headless Chromium, and the train page in it with a stopwatch inside.

Times are taken in the page itself, at animation frames, so that neither Playwright's own calls nor
their way to the browser are part of them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
WINDOW = {"width": 1440, "height": 900}
PATIENCE = 60_000  # milliseconds

# `when` resolves to the time at which a condition was first seen to hold, and what it describes was painted.
STOPWATCH = """
window.bench = {
  clicked: undefined,
  lab() {
    if (!this.found?.isConnected) {
      const roots = [...document.querySelectorAll("*")].map(({ shadowRoot }) => shadowRoot).filter(Boolean);
      this.found = [document, ...roots].map((root) => root.querySelector(".lab")).find(Boolean);
    }
    return this.found;
  },
  play: () => document.querySelector(".st-key-play button"),
  says: (word) => Boolean(bench.play()?.textContent.includes(word) && !bench.play().disabled),
  state: () => bench.lab()?.querySelector(".state")?.textContent,
  frames: () => Number(bench.lab()?.dataset.frames ?? 0),
  iteration: () => Number(bench.lab()?.dataset.iteration ?? 0),
  drawn: () => bench.frames() > 0 && !bench.lab().querySelector(".card:not([hidden]) .drawing.waiting"),
  when: (condition) => new Promise((resolve) => {
    const look = () => condition()
      ? requestAnimationFrame(() => resolve(performance.now()))
      : requestAnimationFrame(look);
    look();
  }),
};
document.addEventListener("click", () => { bench.clicked = performance.now(); }, { capture: true });
"""
INTERACTIVE = 'bench.interactive = bench.when(() => bench.says("Train") && bench.drawn());'


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium of this machine.

    Raises:
        RuntimeError: there is none.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_found(), args=list(FLAGS))
        yield browser
        browser.close()


def _found() -> str:
    found = os.environ.get("GANLAB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError(f"no Chromium: set GANLAB_CHROMIUM to one, or install one of {', '.join(NAMES)}")
    return found


def named() -> str:
    """The browser that is measured with, with its version; the headless shell shows pages sooner than a full one."""
    try:
        program = _found()
    except RuntimeError:
        return "none"
    done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    return f"{done.stdout.strip()} ({Path(program).name})"


def renderer_seconds(browser: Browser) -> float:
    """The processor time, in seconds, that the processes which draw this browser's pages have taken so far."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return float(sum(process["cpuTime"] for process in processes if process["type"] == "renderer"))


class TrainPage:
    """A train page in a browser profile of its own, so that nothing is cached from earlier pages."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.context = browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.page.add_init_script(STOPWATCH)
        self.page.add_init_script(INTERACTIVE)
        self._address = address

    def open(self, query: str = "") -> float:
        """Load the page; returns the seconds until Train can be pressed and every view is drawn."""
        self.page.goto(f"{self._address}/{query}", wait_until="commit")
        return float(self.page.evaluate("bench.interactive")) / 1000

    def press(self, button: Locator, until: str) -> float:
        """Click; returns the seconds from the page's hearing of the click until the condition (JavaScript) holds."""
        self.page.evaluate(f"void (bench.seen = bench.when(() => {until}))")
        button.click()
        return float(self.page.evaluate("bench.seen.then((time) => time - bench.clicked)")) / 1000

    def train(self) -> float:
        """Press Train; returns the seconds until a frame of a later iteration is shown."""
        return self.press(self.button("Train"), f"bench.iteration() > {self.iteration}")

    def pause(self) -> float:
        """Press Pause; returns the seconds until view and button say so."""
        return self.press(self.button("Pause"), 'bench.state() === "Paused" && bench.says("Train")')

    def button(self, name: str) -> Locator:
        """The button with this name."""
        return self.page.get_by_role("button", name=re.compile(rf"^{name}\b"))

    @property
    def iteration(self) -> int:
        """The iteration that is shown."""
        return int(self.page.evaluate("bench.iteration()"))

    @property
    def frames(self) -> int:
        """How many frames were shown."""
        return int(self.page.evaluate("bench.frames()"))

    @property
    def run_id(self) -> str:
        """The run that the page shows."""
        return str(self.page.evaluate("new URL(location).searchParams.get('run')"))

    def leave(self) -> None:
        """Go away, and leave the run as it is."""
        self.page.goto("about:blank")

    def return_to(self, run_id: str) -> None:
        """Come back to a run that trains."""
        self.page.goto(f"{self._address}/?run={run_id}", wait_until="commit")
        self.page.evaluate("bench.when(() => bench.says('Pause') && bench.frames() > 0)")

    def close(self) -> None:
        """Close the page and forget its profile."""
        self.context.close()
