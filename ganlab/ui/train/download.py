"""A download that goes on by itself while a page looks at it from time to time."""

from __future__ import annotations

import threading

from ganlab import data
from ganlab.data import DataUnavailable
from ganlab.experiment import Experiment


class _Cancelled(Exception):  # noqa: N818 (nothing went wrong)
    """The download was cancelled, since nobody waits for the data any more."""


class Download:
    """Data on their way here, on a thread of their own: neither a page nor training waits for them.

    Attributes:
        doing: what is being done, in words; share: how much of it, 0 to 1.
        problem: why the data can't be had, once that is known.
        done: whether the data are here.
    """

    def __init__(self, experiment: Experiment) -> None:
        self.doing, self.share = "Looking for a server that has the data", 0.0
        self.problem: str | None = None
        self.done = False
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._fetch, args=(experiment,), name="ganlab-download", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop at the next piece; what is whole stays, the rest is thrown away."""
        self._cancelled.set()

    def wait(self, seconds: float) -> None:
        """Until it has ended, one way or another."""
        self._thread.join(seconds)

    def _fetch(self, experiment: Experiment) -> None:
        try:
            data.prepare(experiment, self._progress)
            self.done = True
        except _Cancelled:
            return
        except DataUnavailable as error:
            self.problem = str(error)
        except Exception as error:  # whatever it is, somebody waits for an answer
            self.problem = f"The data could not be prepared: {error}."

    def _progress(self, doing: str, share: float) -> None:
        if self._cancelled.is_set():
            raise _Cancelled
        self.doing, self.share = doing, share
