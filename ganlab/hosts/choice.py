"""Where runs are to train, as a command line or the environment says it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ganlab.experiment import ExperimentError

if TYPE_CHECKING:
    from ganlab.hosts.pool import Pool
    from ganlab.runs.audience import Audience
    from ganlab.runs.keeping.keeper import Keeper

MOST_WORKERS = 64
AUTO = "auto"


@dataclass(frozen=True)
class Choice:
    """Where runs train.

    Attributes:
        workers: how many processes train them; 0: none, or, with a cluster, as many as have room there.
        cluster: HOST:PORT of a Ray cluster to join, or "auto" to start one on this machine; "": neither.
        cpus: processors for each worker of a cluster.
    """

    workers: int = 0
    cluster: str = ""
    cpus: int = 1

    @classmethod
    def of(cls, workers: str | None, cluster: str | None, cpus: str | None) -> Choice:
        """The choice that these texts make.

        Raises:
            ExperimentError: they make none, or Ray is missing.
        """
        if cpus and not cluster:
            raise ExperimentError(f"--worker-cpus {cpus} is for the workers of a cluster: name one with --cluster.")
        return cls(_workers(workers), _cluster(cluster), _cpus(cpus))

    def new_host(
        self,
        audience: Audience,
        pass_on: Callable[[str, bytes], None],
        keeper: Keeper | None,
        say: Callable[[str], None],
        *,
        shared: bool = False,
    ) -> Pool | None:
        """A host that trains runs there; None: the Lab's own thread does. It imports torch.

        Args:
            audience, pass_on, keeper, shared: see `Pool`.
            say: is told in sentences when a cluster is joined or lost.
        """
        if self.cluster:
            from ganlab.hosts.cluster.host import Cluster

            return Cluster(
                self.cluster,
                audience,
                pass_on,
                keeper,
                workers=self.workers,
                cpus=self.cpus,
                shared=shared,
                say=say,
            )
        if self.workers:
            from ganlab.hosts.processes import Processes

            return Processes(self.workers, audience, pass_on, keeper, shared=shared)
        return None


def _workers(wanted: str | None) -> int:
    if not wanted:
        return 0
    if wanted == AUTO:
        return os.cpu_count() or 1
    number = _number(wanted)
    if not 0 < number <= MOST_WORKERS:
        raise ExperimentError(
            f"--workers {wanted}: give the number of processes that train, from 1 to {MOST_WORKERS}, or auto for one a "
            "processor core."
        )
    return number


def _cluster(address: str | None) -> str:
    if not address:
        return ""
    host, colon, port = address.rpartition(":")
    if address != AUTO and (not colon or not host or not 0 < _number(port) < 2**16):
        raise ExperimentError(
            f"--cluster {address}: give the address of a Ray cluster, such as 192.0.2.7:6379, or auto to start one on "
            "this machine."
        )
    if find_spec("ray") is None:
        raise ExperimentError(f'--cluster {address} needs Ray, which is not installed: pip install "ganlab[cluster]".')
    return address


def _cpus(wanted: str | None) -> int:
    number = _number(wanted or "1")
    if not 0 < number <= MOST_WORKERS:
        raise ExperimentError(f"--worker-cpus {wanted}: give the number of processors for each worker, from 1 on.")
    return number


def _number(text: str) -> int:
    """The whole number in a text; -1 if there is none."""
    return int(text) if text.isascii() and text.isdigit() else -1
