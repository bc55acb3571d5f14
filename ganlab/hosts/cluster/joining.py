"""How a process comes into a Ray cluster: into one that exists, or into one of this machine alone that it starts."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from pathlib import Path

LOCAL = "auto"  # in place of an address: start a cluster on this machine
OBJECT_STORE = 80 * 2**20  # bytes, Ray's least: what GanLab sends is soon read
ANSWER_SECONDS = 5.0  # that the machine of an address may take to answer
START_A_NODE = (
    "On the machine of that address, run: ray start --head --port={port}. On each other machine, this one included, "
    "run: ray start --address={address}."
)
NOT_ALIKE = (
    "This machine must be a part of it (ray start --address={address}), and all machines need the same versions of "
    "GanLab, Ray and Python and the same RAY_AUTH_TOKEN."
)
# From before Ray is imported. It sends nothing anywhere; a cluster that is gone ends this process soon.
SETTINGS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_gcs_rpc_server_reconnect_timeout_s": "15"}
# A cluster on this machine alone: on the loopback address (a setting made for systems whose firewalls ask), and only
# for those who know a token that is nowhere written down. Workers see to their own priority, as they do without Ray,
# which would let everything else on the machine go before them.
OF_THIS_MACHINE = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_worker_niceness": "0",
}


class CanNotJoin(Exception):  # noqa: N818 (a sentence for a person, not an error in the code)
    """The cluster can't be joined: why, and what to do."""

    def __init__(self, happened: str, advice: str) -> None:
        super().__init__(happened)
        self.happened, self.advice = happened, advice


def settings(address: str) -> dict[str, str]:
    """The environment variables with which a process must be started to join this cluster."""
    if address != LOCAL:
        return dict(SETTINGS)
    return SETTINGS | OF_THIS_MACHINE | {"RAY_AUTH_TOKEN": secrets.token_hex(32)}


def join(address: str, cpus: int) -> None:
    """Join the cluster at HOST:PORT, or start one of so many processors (`LOCAL`).

    Raises:
        CanNotJoin: it can't be done.
    """
    _look_for(address)
    try:
        import ray
    except ImportError:
        raise CanNotJoin("Ray is not installed here.", 'Install it: pip install "ganlab[cluster]".') from None
    quiet = {"log_to_driver": False, "configure_logging": False, "logging_level": logging.ERROR}
    try:
        if address == LOCAL:
            leave_out_api_server()
            ray.init("local", num_cpus=cpus, object_store_memory=OBJECT_STORE, include_dashboard=False, **quiet)
        else:
            ray.init(address, **quiet)
    except Exception as error:  # Ray has no class of its own for these
        advice = _advice(address) if address == LOCAL else NOT_ALIKE.format(address=address)
        raise CanNotJoin(f"The Ray cluster ({address}) can't be joined: {_first_line(error)}", advice) from error


def leave_out_api_server() -> None:
    """Start the head of a cluster without this process, which is there even where there is no dashboard.

    It asks addresses outside in which cloud it is, also where usage reports are off. Ray goes on like this by itself
    where it can't be started.
    """
    from ray._private import services

    services.start_api_server = lambda *_, **__: (None, None)


def _look_for(address: str) -> None:
    """Ray itself would wait for long where there is nothing."""
    if address == LOCAL:
        return
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), ANSWER_SECONDS).close()
    except OSError as error:
        why = error.strerror or error
        raise CanNotJoin(f"No Ray cluster answers at {address} ({why}).", _advice(address)) from None


def _advice(address: str) -> str:
    if address == LOCAL:
        return f"What Ray wrote about it is in {Path(os.environ.get('RAY_TMPDIR', '/tmp')) / 'ray'}."
    return START_A_NODE.format(address=address, port=address.rpartition(":")[2])


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".") + "."
