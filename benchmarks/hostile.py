"""How long the server answers nobody while somebody hands in the largest input of a kind that it takes."""

from __future__ import annotations

import http.client
import io
import json
import threading
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

from benchmarks.browser import TrainPage, chromium
from benchmarks.report import Figure, Measure, Pace
from benchmarks.server import serving
from ganlab.data.images.own import MOST_IMAGES
from ganlab.data.tables import MOST_BYTES, MOST_ROWS
from ganlab.live.asking import LONGEST_QUESTION

PULSE = 0.005  # seconds between two looks at whether the server answers
LONGEST_ADDRESS = 30_000  # characters; the server takes 64 kB of header in all
SMALL = "?x=g_width:8,d_width:8"


class Pulse:
    """Asks the server for its health again and again; `longest` is the longest that an answer took, in seconds."""

    def __init__(self, address: str) -> None:
        self.longest = 0.0
        self._place = urlsplit(address).netloc
        self._ended = threading.Event()

    def beat(self) -> None:
        """Ask until told to end."""
        connection = http.client.HTTPConnection(self._place, timeout=120)
        while not self._ended.wait(PULSE):
            started = time.perf_counter()
            connection.request("GET", "/_stcore/health")
            connection.getresponse().read()
            self.longest = max(self.longest, time.perf_counter() - started)
        connection.close()

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()


@contextmanager
def pulse(address: str) -> Iterator[Pulse]:
    """A pulse that beats beside what is done here."""
    beating = Pulse(address)
    thread = threading.Thread(target=beating.beat)
    thread.start()
    try:
        yield beating
    finally:
        beating.end()
        thread.join()


def silences(pace: Pace) -> Iterator[Figure]:
    """Each input in turn, on a page of its own."""
    with serving() as server, chromium() as browser:
        for name, (hand_in, what) in INPUTS.items():
            longest = []
            for _ in range(pace.of(3, 1)):
                page = TrainPage(browser, server.address)
                page.open(SMALL)
                with pulse(server.address) as beating:
                    hand_in(page, server.address)
                longest.append(beating.longest)
                page.close()
            yield Figure(f"hostile.{name}_s", max(longest), "s", f"{what}: the longest wait for an answer", longest)


def ask(page: TrainPage, address: str) -> None:
    """A question as long as one may be, of which not a word is right."""
    body = json.dumps({"ask": "samples", "latents": "9" * (LONGEST_QUESTION - 50)}).encode()
    request = urllib.request.Request(f"{address}/live/{page.run_id}/ask", body, {"Origin": address})
    try:
        urllib.request.urlopen(request, timeout=120).close()
    except HTTPError:  # it is refused, which takes reading it
        return


def follow_a_link(page: TrainPage, address: str) -> None:
    """An experiment in an address, of one very long number."""
    page.page.goto(f"{address}/?x=g_width:{'9' * LONGEST_ADDRESS}")
    page.page.get_by_text("can't be opened").wait_for()


def hand_in_a_table(page: TrainPage, address: str) -> None:
    """As many rows as a table may have."""
    rows = "".join(f"{x:.15f},{y:.15f}\n" for x, y in np.random.default_rng(0).normal(size=(MOST_ROWS, 2)))
    _upload(page, "own_csv", "points.csv", rows.encode()[:MOST_BYTES], "points of two numbers")


def hand_in_a_number(page: TrainPage, address: str) -> None:
    """A table that is a single number, of as many digits as fit."""
    _upload(page, "own_csv", "number.csv", b"9" * MOST_BYTES, "digits")


def hand_in_images(page: TrainPage, address: str) -> None:
    """As many pictures as an archive may hold."""
    packed, picture = io.BytesIO(), io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), np.uint8)).save(picture, "PNG")
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(MOST_IMAGES):
            archive.writestr(f"{number}.png", picture.getvalue())
    _upload(page, "own_images", "images.zip", packed.getvalue(), "images can be used")


def _upload(page: TrainPage, key: str, name: str, content: bytes, answer: str) -> None:
    dialog = page.page.get_by_role("dialog")
    if not dialog.count():
        page.page.get_by_role("button", name="Your own data").first.click()
    if key == "own_images":
        dialog.get_by_role("tab", name="Images").click()
    files = dialog.locator(f".st-key-{key} input[type=file]")
    files.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
    dialog.get_by_text(answer).or_(dialog.get_by_role("alert")).first.wait_for()


INPUTS: Mapping[str, tuple[Callable[[TrainPage, str], None], str]] = {
    "question": (ask, f"a question of {LONGEST_QUESTION:,} bytes"),
    "link": (follow_a_link, f"a number of {LONGEST_ADDRESS:,} digits in an address"),
    "table": (hand_in_a_table, f"a table of {MOST_ROWS:,} rows"),
    "number": (hand_in_a_number, f"a table of one number of {MOST_BYTES:,} digits"),
    "images": (hand_in_images, f"an archive of {MOST_IMAGES:,} pictures"),
}
FIGURES: Mapping[str, Measure] = dict.fromkeys((f"hostile.{name}_s" for name in INPUTS), silences)
