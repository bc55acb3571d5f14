"""How long a person waits for the train page: to open, to start, to pause; and what watching it costs a computer."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from statistics import median

from benchmarks.browser import TrainPage, chromium, renderer_seconds
from benchmarks.report import Figure, Measure, Pace
from benchmarks.server import serving

TRAINING = 2.0  # seconds of training before Pause is pressed


def waits(pace: Pace) -> Iterator[Figure]:
    """Open, Train and Pause on fresh pages, one after another; the first meets a server that was just started."""
    interactive, first_frame, paused = [], [], []
    with serving() as server, chromium() as browser:
        for _ in range(pace.of(5, 3)):
            page = TrainPage(browser, server.address)
            interactive.append(page.open())
            first_frame.append(page.train())
            time.sleep(TRAINING)
            paused.append(page.pause())
            page.close()
    fresh = "fresh pages with an empty cache"
    yield Figure(
        "page.interactive_s",
        median(interactive),
        "s",
        f"{fresh}: until Train is enabled, every view drawn",
        interactive,
    )
    yield Figure(
        "page.first_frame_s", median(first_frame), "s", f"{fresh}: Train to the first iteration shown", first_frame
    )
    yield Figure("page.pause_s", median(paused), "s", f"{fresh}: Pause to button and view saying so", paused)


def share(pace: Pace) -> Iterator[Figure]:
    """Watch the default ring train, and ask the browser how long its renderer was at work."""
    shares, frames = [], []
    with serving() as server, chromium() as browser:
        page = TrainPage(browser, server.address)
        page.open()
        page.train()
        time.sleep(pace.of(10, 1))  # what the start leaves to do is done by then
        for _ in range(pace.of(5, 2)):
            shown, worked, began = page.frames, renderer_seconds(browser), time.monotonic()
            time.sleep(pace.of(10, 1))
            seconds = time.monotonic() - began
            shares.append((renderer_seconds(browser) - worked) / seconds)
            frames.append((page.frames - shown) / seconds)
    against = f"one core; a page that watches the default ring train, {median(frames):.1f} frames a second"
    yield Figure("page.renderer_share", median(shares), "cores", against, shares)


FIGURES: Mapping[str, Measure] = {
    **dict.fromkeys(("page.interactive_s", "page.first_frame_s", "page.pause_s"), waits),
    "page.renderer_share": share,
}
