"""Where runs train outside the server: worker processes, and the messages between them and the server."""

from ganlab.hosts.processes import Processes

__all__ = ["Processes"]
