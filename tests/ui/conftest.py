"""No module's runs outlive it."""

from collections.abc import Iterator
from functools import cache

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from ganlab.ui import session


@pytest.fixture(scope="session", autouse=True)
def _packages_are_looked_through_once() -> Iterator[None]:
    """AppTest asks every installed package for components at each run of a page, a server only at its start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


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
