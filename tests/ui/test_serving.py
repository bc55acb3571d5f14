"""What the start-up and "Share" say of where the app is."""

from __future__ import annotations

import pytest
import streamlit as st

from ganlab.ui import serving


@pytest.fixture
def on_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"server.address": "0.0.0.0", "server.port": 8501, "server.baseUrlPath": "", "server.sslCertFile": ""}
    monkeypatch.setattr(st, "get_option", settings.__getitem__)
    monkeypatch.setattr(serving, "own_address", lambda: "192.0.2.7")


@pytest.mark.usefixtures("on_a_network")
def test_what_is_shared_on_a_network_is_an_address_that_others_reach() -> None:
    for own in ("localhost", "127.0.0.1", "[::1]", "0.0.0.0"):
        assert serving.as_others_reach(f"http://{own}:8501/latent") == "http://192.0.2.7:8501/latent"
    for known in ("https://ganlab.example/", "http://192.0.2.9:8501/"):
        assert serving.as_others_reach(known) == known


def test_what_only_this_machine_reaches_is_shared_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "shared", lambda: False)
    assert serving.as_others_reach("http://localhost:8501/") == "http://localhost:8501/"


@pytest.mark.usefixtures("on_a_network")
def test_the_start_names_who_can_use_it() -> None:
    assert "http://192.0.2.7:8501/" in serving.greeting()
    assert "Anybody who reaches this address" in serving.greeting()


def test_sites_that_may_show_it_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(serving.EMBEDDED_IN, "https://moodle.example, https://*.school.example; ")
    assert serving.embedded_in() == "https://moodle.example https://*.school.example"
