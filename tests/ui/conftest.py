"""No module's runs outlive it."""

from collections.abc import Iterator

import pytest

from ganlab.ui import session


@pytest.fixture(scope="module", autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    yield
    if session.lab.cache_info().currsize:
        session.lab().close()
    session.lab.cache_clear()
    session.hub.cache_clear()
