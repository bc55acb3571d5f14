"""A Ray cluster on the loopback address for as long as a process lives, of which each node is a few processes here."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ganlab.hosts.cluster.joining import OBJECT_STORE, OF_THIS_MACHINE, SETTINGS, leave_out_api_server

MOST_TRIES = 5


class RayCluster:
    """Nodes of one processor each, two at first."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        leave_out_api_server()
        self._cluster: Any = Cluster()
        for _ in range(2):
            self.add_node()

    @property
    def address(self) -> str:
        """HOST:PORT, for `ganlab --cluster`."""
        return str(self._cluster.address)

    def add_node(self) -> Any:
        """Ray itself gives up after half a minute, which a busy machine may need."""
        for tries in range(MOST_TRIES, 0, -1):
            try:
                return self._cluster.add_node(
                    num_cpus=1, object_store_memory=OBJECT_STORE, include_dashboard=False, include_log_monitor=False
                )
            except Exception:
                if tries == 1:
                    raise
        return None

    def kill_node(self, node: Any) -> None:
        """End a node as a machine ends that loses its power."""
        self._cluster.remove_node(node, allow_graceful=False)

    def close(self) -> None:
        """End all nodes."""
        self._cluster.shutdown()


@contextmanager
def ray_cluster() -> Iterator[RayCluster]:
    """Nothing of it outlives this, and nothing is written into the home folder."""
    variables = SETTINGS | OF_THIS_MACHINE | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        cluster = RayCluster()
        try:
            yield cluster
        finally:
            cluster.close()
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
