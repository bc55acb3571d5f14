"""A Ray cluster on the loopback address for the tests of a process, of which each node is a few processes here."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import pytest

from ganlab.hosts.cluster.joining import OBJECT_STORE, OF_THIS_MACHINE, SETTINGS, leave_out_api_server

WITHOUT_RAY = "Ray is not installed: pip install 'ganlab[cluster]'"
MOST_TRIES = 5
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason=WITHOUT_RAY)


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
        self._cluster.remove_node(node, allow_graceful=False)

    def close(self) -> None:
        self._cluster.shutdown()


@contextmanager
def ray_cluster() -> Iterator[RayCluster]:
    """Nothing of it outlives this, and nothing is written into the home folder."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (SETTINGS | OF_THIS_MACHINE | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}).items():
            patch.setenv(name, value)
        cluster = RayCluster()
        try:
            yield cluster
        finally:
            cluster.close()
