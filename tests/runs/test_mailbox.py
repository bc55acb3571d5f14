"""Commands reach the thread that trains from anywhere, a signal's handler included."""

from __future__ import annotations

import threading

from ganlab.runs.mailbox import Mailbox


def test_a_signals_handler_may_put_a_command_while_its_own_thread_takes_one() -> None:
    mailbox = Mailbox()

    class Interrupted(list):  # type: ignore[type-arg]
        """What waits, and a signal that comes while it is looked at."""

        def __bool__(self) -> bool:
            mailbox.put(lambda: None)
            return False

    mailbox._waiting, waiting = Interrupted(), mailbox._waiting  # type: ignore[assignment]
    mailbox._waiting.append = waiting.append  # type: ignore[method-assign]
    taking = threading.Thread(target=mailbox.take, daemon=True)
    taking.start()
    taking.join(60)
    assert not taking.is_alive()
    assert len(waiting) == 1
