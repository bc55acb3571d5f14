"""No module's runs outlive it."""

from collections.abc import Iterator

import pytest
import streamlit as st

from ganlab.ui import session


@pytest.fixture(scope="module", autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    yield
    if session.lab.cache_info().currsize:
        session.lab().close()
    session.lab.cache_clear()
    session.hub.cache_clear()


@pytest.fixture
def gone_to(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that were gone to, in place of going there."""
    pages: list[str] = []
    monkeypatch.setattr(st, "switch_page", pages.append)
    return pages
