"""A run's seat in a class: it reaches the worker that shares its time by it, and says where the run comes to."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from ganlab.hosts import messages as m
from ganlab.hosts.black_box import LENGTH, BlackBox
from ganlab.hosts.channel import Outbox
from ganlab.hosts.processes import Processes
from ganlab.hosts.remote_run import RemoteRun
from ganlab.hosts.worker import Worker
from ganlab.runs.audience import Nobody
from tests.hosts.stage import SMALL


class NextDoor:
    """A home and a worker in this process, with messages as they go over the pipe."""

    def __init__(self, folder: Path) -> None:
        box = folder / "box"
        box.write_bytes(bytes(LENGTH))
        self.worker = Worker(Outbox(io.BytesIO(), lambda: m.Close()), BlackBox(box), shared=False)
        self.asked_for: int | None = None

    def put(self, message: m.Message) -> None:
        self.worker.take(m.decode(m.encode(message)))

    def place(self, seat: int | None) -> NextDoor:
        self.asked_for = seat
        return self

    def in_background(self, work: Any) -> None:
        work()


def test_a_run_s_seat_goes_with_it_to_its_worker(tmp_path: Path) -> None:
    home = NextDoor(tmp_path)
    run = RemoteRun(SMALL, Nobody(), cast(Any, home))
    run.seat = 7
    run.play()
    assert home.asked_for == 7
    assert [run.seat for run in home.worker._runs.values()] == [7]


def test_a_seat_s_runs_come_to_where_the_fewest_others_train() -> None:
    one, two = (SimpleNamespace(number=number, has_a_place=True) for number in (1, 2))

    def placed(seat: int | None, *there: tuple[object, int | None]) -> object:
        runs = {
            str(n): SimpleNamespace(workers=(home,), state="running", seat=of) for n, (home, of) in enumerate(there)
        }
        host = cast(Any, SimpleNamespace(_lock=threading.Lock(), _runs=runs, _workers=[one, two]))
        return Processes.place_parts(host, seat, 1)[0]

    assert placed(1, (one, 1), (one, 1), (two, 2)) is one, "it rather slows its own seat down"
    assert placed(3, (one, 1), (one, 1), (two, 2)) is two
    assert placed(1, (one, 1)) is two
    assert placed(None, (one, None), (one, None), (two, None)) is two, "without a class, runs are counted"
