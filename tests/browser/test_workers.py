"""The app with a worker that trains, and dies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.sync_api import expect

from tests.serving import Server, serving

if TYPE_CHECKING:
    from conftest import OpenPage


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """In place of the package's own: one whose runs train in a process beside it."""
    with serving(tmp_path_factory.mktemp("workers") / "log.txt", "--workers", "1") as running:
        yield running


def workers_of(server: Server) -> list[psutil.Process]:
    return [each for each in psutil.Process(server.pid).children() if "ganlab.hosts" in each.cmdline()]


def test_when_a_worker_dies_its_run_says_so_and_trains_on(new_page: OpenPage, server: Server) -> None:
    page = new_page().open("?x=g_width:8,d_width:8,batch_size:16")
    page.play.click()
    page.beyond(50)
    (worker,) = workers_of(server)
    worker.kill()
    page.in_state("Paused")
    expect(page.page.get_by_text(re.compile("The process that trained this run ended"))).to_be_visible()
    page.play.click()
    page.beyond(page.iteration)
    page.in_state("Training")
    (other,) = workers_of(server)
    assert other.pid != worker.pid
