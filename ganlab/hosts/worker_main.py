"""The process of a worker, from its start to its end."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import torch

from ganlab.hosts import messages as m
from ganlab.hosts.black_box import BlackBox
from ganlab.hosts.channel import Outbox, read
from ganlab.hosts.worker import Worker
from ganlab.live.warm_up import warm_up
from ganlab.presets import DEFAULT
from ganlab.runs.keeping.intervals import SAVE_SECONDS


def main(box: str, kindness: int, *, shared: bool, save_seconds: float = SAVE_SECONDS) -> None:
    """Be a worker: read messages from standard input and write others to standard output, until the server is gone.

    Args:
        box: the path of the file that names the run at work.
        kindness: towards the server, whose pages come first.
        shared: people who don't know of each other use the server.
        save_seconds: between two copies of a run that trains.
    """
    if hasattr(os, "nice"):
        os.nice(max(0, kindness - os.nice(0)))  # in a cluster it may be that kind already
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not get between the messages
    torch.set_num_threads(1)
    path = Path(box)
    black_box = BlackBox(path)
    outbox = Outbox(outgoing, lambda: m.Heartbeat(working=black_box.working))
    outbox.begin()
    warm_up(DEFAULT.experiment)
    outbox.put(m.Ready())
    worker = Worker(outbox, black_box, shared=shared, save_seconds=save_seconds)
    worker.begin()
    while (message := read(incoming)) is not None:
        if isinstance(message, m.Close):
            worker.close()
            outbox.close()
            break
        worker.take(message)
    sys.stderr.flush()
    path.unlink(missing_ok=True)
    os._exit(0)  # whatever it is at work on: without the server nobody wants it
