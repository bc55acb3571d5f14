"""Ids that only let somebody watch: made of a run's own id and a key that never leaves this computer."""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

KEY_FILE = "server.key"
KEY_BYTES = 32


class WatchIds:
    """The watch ids of one server's runs. Nobody can tell a run's id, which commands it, from its watch id."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, run_id: str) -> str:
        """The id that lets somebody watch this run, and nothing else."""
        return hmac.digest(self._key, run_id.encode(), "sha256").hex()[:32]

    def run_id(self, watch_id: str, among: Iterable[str]) -> str | None:
        """The run that is watched by this id, of those with these ids; None if it is none of them."""
        asked = watch_id.encode()
        return next((each for each in among if hmac.compare_digest(self.of(each).encode(), asked)), None)


def server_key(folder: Path) -> bytes:
    """The key that is kept in this folder, made if there is none yet; only its owner may read it.

    Raises:
        OSError: the folder takes no file.
    """
    kept = folder / KEY_FILE
    if not kept.exists():
        handle, fresh = tempfile.mkstemp(dir=folder, suffix=".key")  # readable by its owner alone
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(fresh, kept)  # whole or not at all; the first of several processes wins
        except FileExistsError:
            pass
        finally:
            Path(fresh).unlink()
    return kept.read_bytes()
