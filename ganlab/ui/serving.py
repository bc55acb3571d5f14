"""How this server is reached: what Streamlit's settings say of it, put into the words of `ganlab.live`."""

from __future__ import annotations

import os
from functools import cache
from urllib.parse import urlsplit

import streamlit as st

from ganlab.hosts.choice import Choice
from ganlab.live.addresses import listens_to_a_network, own_address, own_addresses
from ganlab.live.admission import Rules

WORKERS = "GANLAB_WORKERS"  # how many processes train; without it, the server itself does
CLUSTER = "GANLAB_CLUSTER"  # the Ray cluster in which runs train: HOST:PORT or auto
WORKER_CPUS = "GANLAB_WORKER_CPUS"  # processors for each worker of a cluster
CLASS = "GANLAB_CLASS"  # whether the server holds a class: 1 or nothing
EMBEDDED_IN = "GANLAB_EMBEDDED_IN"  # the sites whose pages may show the app in a frame, with blanks between them


@cache
def rules() -> Rules:
    """Which names this server answers to, and whose pages may use it."""
    listed = st.get_option("server.corsAllowedOrigins")
    origins = {urlsplit(origin.strip()).hostname or "" for origin in listed}
    names = {st.get_option("browser.serverAddress") or ""}
    if shared():
        names |= set(own_addresses())
    return Rules(
        hosts=tuple(st.get_option("server.allowedHosts")),
        names=frozenset(names - {""}),
        origins=frozenset(origins - {""}),
        any_origin=not st.get_option("server.enableCORS"),
    )


def embedded_in() -> str:
    """The sites whose pages may show the app in a frame; a setting for course pages."""
    return " ".join(os.environ.get(EMBEDDED_IN, "").replace(";", " ").replace(",", " ").split())


def training() -> Choice:
    """Where runs train.

    Raises:
        ExperimentError: a setting can't be used.
    """
    return Choice.of(*(os.environ.get(name) for name in (WORKERS, CLUSTER, WORKER_CPUS)))


def holds_a_class() -> bool:
    """Whether the server holds a class, which one has to join to use it."""
    return os.environ.get(CLASS, "") not in ("", "0")


def shared() -> bool:
    """Whether other machines can reach this server, so that others may be using it too."""
    return listens_to_a_network(st.get_option("server.address"))


def greeting() -> str:
    """Where the app is, and who can use it there; printed when it starts."""
    address = st.get_option("server.address")
    if not shared():
        return f"GanLab is at {address_of(address)}"
    network = own_address() if address in (None, "", "0.0.0.0", "::") else address
    places = [address_of(host) for host in (network, "localhost") if host]
    return (
        f"GanLab is at {' and at '.join(dict.fromkeys(places))}\n"
        "Anybody who reaches this address can use this lab, and see the runs whose links they know."
    )


def address_of(host: str) -> str:
    """The app's address on a host that reaches this machine directly."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}:{st.get_option('server.port')}/{path}{'/' if path else ''}"


def as_others_reach(address: str) -> str:
    """The address of a page as other machines reach it: where it names this machine as itself, by its network's name.

    An address that came through a proxy, or names a machine, is what others use already.
    """
    parts = urlsplit(address)
    own = own_address() if shared() else None
    if own is None or parts.hostname not in ("localhost", "127.0.0.1", "::1", "0.0.0.0"):
        return address
    return parts._replace(netloc=f"{own}:{parts.port}" if parts.port else own).geturl()
