"""One Lab of each kind for all tests of a module: a worker takes seconds to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hosts.stage import Stage


@pytest.fixture(scope="module", params=["thread", "processes"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    made = Stage(request.param, tmp_path_factory.mktemp("runs"))
    yield made
    made.lab.close()
