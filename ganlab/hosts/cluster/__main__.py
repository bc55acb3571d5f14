"""The gateway, as `ganlab.hosts.cluster.gateway_process` starts it."""

from __future__ import annotations

import os
import sys
import threading

from ganlab.hosts.channel import Outbox, read
from ganlab.hosts.cluster.joining import CanNotJoin, join
from ganlab.hosts.cluster.messages import NotJoined
from ganlab.hosts.messages import Heartbeat


def main(address: str, workers: int, cpus: int) -> None:
    """Carry messages between the server and workers in a cluster, until the server is gone.

    Args:
        address: HOST:PORT of the cluster, or "auto" to start one for so many workers.
        cpus: processors for each worker.
    """
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what Ray prints must not get between the messages
    outbox = Outbox(outgoing, lambda: Heartbeat(working=0.0))
    outbox.begin()
    try:
        join(address, workers * cpus)
    except CanNotJoin as error:
        outbox.put(NotJoined(happened=error.happened, advice=error.advice))
        outbox.close()
        return
    import ray

    from ganlab.hosts.cluster.gateway import Gateway

    gateway, is_over = Gateway(outbox, cpus), threading.Event()

    def obey() -> None:
        try:
            while (message := read(incoming)) is not None:
                gateway.obey(message)
        finally:
            is_over.set()

    threading.Thread(target=obey, name="ganlab-orders", daemon=True).start()
    while not is_over.is_set():
        gateway.go_round()
    ray.shutdown()
    os._exit(0)  # whatever waits: without the server nobody wants it


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
