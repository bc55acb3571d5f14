"""A mirror on this machine."""

from __future__ import annotations


class Mirror:
    """A web server on this machine: what it serves at which path, and what it was asked for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.breaks_off: set[str] = set()  # paths of which only half is sent
        self.asked: list[str] = []
