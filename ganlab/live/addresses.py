"""The addresses of this machine, found without sending anything."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from functools import cache

LOOPBACK = ("localhost", "127.0.0.1", "::1", "0.0.0.0", "::")  # the last two reach this machine when they are asked for
BY_A_PROXY = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")

_ELSEWHERE = "192.0.2.1"  # kept free for documentation (RFC 5737)


def listens_to_a_network(address: str | None) -> bool:
    """Whether other machines can reach a server that listens to this address; to none means to all."""
    return address not in ("127.0.0.1", "localhost", "::1")


def reached_only_here(address: str | None, headers: Mapping[str, str]) -> bool:
    """Whether a server at this address, asked with these headers, can be reached from its own machine alone."""
    return not listens_to_a_network(address) and not any(name in headers for name in BY_A_PROXY)


@cache
def own_address() -> str | None:
    """The address at which this machine's network knows it; None without a network.

    A datagram socket that is connected sends nothing: the system only looks up which way it would go.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect((_ELSEWHERE, 9))
        except OSError:
            return None
        found = str(asked.getsockname()[0])
    return None if found in LOOPBACK else found


@cache
def own_names() -> frozenset[str]:
    """What other machines of its network may call this one."""
    name = socket.gethostname().lower()
    return frozenset({name, f"{name.partition('.')[0]}.local"} if name else ())


def own_addresses() -> tuple[str, ...]:
    """All that other machines of its network may call this one."""
    return tuple(filter(None, (own_address(), *sorted(own_names()))))


def is_literal(name: str) -> bool:
    """Whether a host is written as an address, so that no name server had a say in it."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
