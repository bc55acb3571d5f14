"""The process through which a server reaches a Ray cluster.

Ray ends the process that uses it when the cluster is gone, so it must not be the server itself.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from ganlab.hosts.channel import Outbox
from ganlab.hosts.cluster.messages import Dismiss, FromWorker, Gone, Hire, Offer, Started, ToWorker
from ganlab.hosts.cluster.porter import Porter, software
from ganlab.hosts.messages import Message

WAIT_SECONDS = 0.1  # for news of workers, before commands are looked at again
LOOK_SECONDS = 2.0  # between two looks at the cluster's nodes
START_SECONDS = 60.0  # that an actor may take to start
FULL_SECONDS = 60.0  # for which a node is left alone on which none could be started
END_SECONDS = 5.0  # that the actor of a worker that has ended may take to say how
OTHERS = (
    "The node {node} has GanLab {there.ganlab}, torch {there.torch} and Python {there.python}, and this server has "
    "GanLab {here.ganlab}, torch {here.torch} and Python {here.python}: install the same on both."
)


@dataclass
class RayNode:
    """A machine of the cluster: how many workers have room there, and whether each one has a GPU."""

    id: str
    name: str
    places: int
    gpu: bool


@dataclass
class Hired:
    """A worker: its actor, the node on which it is, and what the gateway waits for now.

    Attributes:
        is_known: whether the actor has said what is installed there.
        since: when it was hired (`time.monotonic`).
    """

    porter: Any
    node: RayNode
    awaited: Any
    is_known: bool
    since: float


class Gateway:
    """Starts workers on nodes that have room, and carries what is said to them and by them.

    One thread calls `obey`, and another one `go_round`, again and again.
    """

    def __init__(self, outbox: Outbox, cpus: int) -> None:
        """Each worker gets so many processors."""
        self._outbox, self._cpus = outbox, cpus
        self._lock = threading.Lock()
        self._hired: dict[int, Hired] = {}
        self._nodes: list[RayNode] = []
        self._refused: dict[str, str] = {}  # why a node is not used, by its id
        self._full: dict[str, float] = {}  # until when nodes have no more room (`time.monotonic`), by their ids
        self._offer: Offer | None = None
        self._looked_at = float("-inf")

    def obey(self, message: Message) -> None:
        """Do what the server says."""
        match message:
            case Hire():
                self._hire(message.worker, shared=message.shared)
            case ToWorker():
                if (hired := self._of(message.worker)) is not None:
                    hired.porter.write.remote(message.message)
            case Dismiss():
                if (hired := self._of(message.worker)) is not None:
                    ray.kill(hired.porter)

    def go_round(self) -> None:
        """Pass on what workers say, and how many have room now."""
        if time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._looked_at = time.monotonic()
            self._look()
        with self._lock:
            awaited = {hired.awaited: number for number, hired in self._hired.items()}
        if not awaited:
            time.sleep(WAIT_SECONDS)
            return
        ready, rest = ray.wait(list(awaited), num_returns=1, timeout=WAIT_SECONDS)
        if ready and rest:
            ready += ray.wait(rest, num_returns=len(rest), timeout=0)[0]
        for each in ready:
            self._take(awaited[each])

    def _of(self, number: int) -> Hired | None:
        with self._lock:
            return self._hired.get(number)

    def _hire(self, number: int, *, shared: bool) -> None:
        with self._lock:
            taken = Counter(hired.node.id for hired in self._hired.values())
            node = max(self._nodes, key=lambda node: node.places - taken[node.id], default=None)
            if node is None or node.places <= taken[node.id]:
                self._outbox.put(Gone(worker=number, status=None, at_work_on=None, because="no node has room"))
                return
            porter = (
                ray.remote(concurrency_groups={"reading": 1})(Porter)
                .options(
                    num_cpus=self._cpus,
                    num_gpus=1 if node.gpu else 0,
                    max_restarts=0,  # a restarted actor has lost its runs: the server brings them back
                    max_task_retries=0,
                    scheduling_strategy=NodeAffinitySchedulingStrategy(node.id, soft=False),
                )
                .remote(shared=shared)
            )
            self._hired[number] = Hired(porter, node, porter.about.remote(), False, time.monotonic())

    def _take(self, number: int) -> None:
        """Pass on what a worker says, or that it has ended."""
        hired = self._hired[number]
        try:
            said = ray.get(hired.awaited)
            if not hired.is_known:
                there, pid, actor = said
                if there != software():
                    self._refuse(hired.node, OTHERS.format(node=hired.node.name, there=there, here=software()))
                    self._gone(number, because="another version is installed there")
                    return
                self._outbox.put(Started(worker=number, pid=pid, actor=actor, node=hired.node.name))
                hired.is_known = True
            elif said:
                self._outbox.put(FromWorker(worker=number, messages=said))
            else:
                status, at_work_on = ray.get(hired.porter.ended.remote(), timeout=END_SECONDS)
                self._gone(number, status, at_work_on, because="it has ended")
                return
            hired.awaited = hired.porter.read.remote()
        except (RayError, GetTimeoutError) as error:
            self._gone(number, because=str(error).strip().partition("\n")[0])

    def _gone(self, number: int, status: int | None = None, at_work_on: str | None = None, *, because: str) -> None:
        with self._lock:
            hired = self._hired.pop(number)
        ray.kill(hired.porter)
        self._look()  # first: its node may be gone
        self._outbox.put(Gone(worker=number, status=status, at_work_on=at_work_on, because=because))

    def _refuse(self, node: RayNode, because: str) -> None:
        self._refused[node.id] = because

    def _look(self) -> None:
        """Say how many workers have room now, and give those up that can't be started."""
        now = time.monotonic()
        with self._lock:
            late = [
                number
                for number, hired in self._hired.items()
                if not hired.is_known and now - hired.since > START_SECONDS
            ]
            self._full |= {self._hired[number].node.id: now + FULL_SECONDS for number in late}
            nodes = [self._node(each, now) for each in ray.nodes() if each["Alive"]]
            self._nodes = nodes
        used = [node for node in nodes if node.places]
        refused = [self._refused[node.id] for node in nodes if node.id in self._refused]
        offer = Offer(
            workers=sum(node.places for node in used), nodes=len(used), trouble=" ".join(dict.fromkeys(refused)) or None
        )
        if offer != self._offer:
            self._offer = offer
            self._outbox.put(offer)
        for number in late:
            if number in self._hired:
                self._gone(number, because="it could not be started in time: others may use its processor")

    def _node(self, facts: dict[str, Any], now: float) -> RayNode:
        node_id = facts["NodeID"]
        gpus, cpus = (int(facts["Resources"].get(name, 0)) for name in ("GPU", "CPU"))
        places = 0 if node_id in self._refused else gpus or cpus // self._cpus
        if self._full.get(node_id, 0.0) > now:
            there = sum(hired.node.id == node_id and hired.is_known for hired in self._hired.values())
            places = min(places, there)
        return RayNode(node_id, facts["NodeManagerHostname"], places, bool(gpus))
