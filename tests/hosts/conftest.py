"""One Lab of each kind for all tests of a module, and one Ray cluster: a worker takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.ray_cluster import RayCluster, ray_cluster
from tests.hosts.ray_cluster import needs_ray
from tests.hosts.stage import Stage


@pytest.fixture(scope="session")
def cluster() -> Iterator[RayCluster]:
    with ray_cluster() as running:
        yield running


@pytest.fixture(
    scope="module",
    params=["thread", "processes", pytest.param("cluster", marks=needs_ray)],
)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    address = request.getfixturevalue("cluster").address if request.param == "cluster" else ""
    made = Stage(request.param, tmp_path_factory.mktemp("runs"), address=address)
    yield made
    made.lab.close()
