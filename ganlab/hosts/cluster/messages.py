"""What goes between the server and the gateway, beside what workers say."""

from __future__ import annotations

from ganlab.hosts.messages import Message

# To the gateway


class Hire(Message):
    """Start a worker of this number; `shared`: people who don't know of each other use the server."""

    worker: int
    shared: bool


class Dismiss(Message):
    """End a worker at once."""

    worker: int


class ToWorker(Message):
    """An encoded message for a worker."""

    worker: int
    message: bytes


# From the gateway


class Offer(Message):
    """How many workers have room in the cluster, on how many nodes; `trouble`: why some nodes have none."""

    workers: int
    nodes: int
    trouble: str | None


class NotJoined(Message):
    """The cluster can't be joined: why, and what to do."""

    happened: str
    advice: str


class Started(Message):
    """A worker's process has been started: its id, that of the actor beside it, and the node on which both are."""

    worker: int
    pid: int
    actor: int
    node: str


class FromWorker(Message):
    """Encoded messages of a worker."""

    worker: int
    messages: list[bytes]


class Gone(Message):
    """A worker has ended: how (see `subprocess.Popen.returncode`), and at work on which run, where that is known."""

    worker: int
    status: int | None
    at_work_on: str | None
    because: str
