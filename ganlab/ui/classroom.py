"""The class that this server holds, if it was started with `--class`, and who in it a page is for."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import segno
import streamlit as st
from filelock import FileLock
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ganlab.classroom import locked_settings
from ganlab.classroom.classroom import Classroom
from ganlab.classroom.limits import NO_OWN_DATA, NO_SWEEPS, Limits
from ganlab.classroom.lock import hold
from ganlab.classroom.locked_settings import Lock
from ganlab.classroom.rules import RulesOfAClass
from ganlab.classroom.state import TEACHER
from ganlab.live.addresses import own_address
from ganlab.live.routes import assets_path
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.ui import serving, stored

NO_SEAT = "You have no seat in this class any more. Ask your teacher for the code, then [join again](./class)."
TOO_MANY_NAMES = (
    "{} of your runs have a name, as many as each seat in this class may keep. Delete one of them, or take its name "
    "away, then try again."
)

_held: list[FileLock] = []  # for as long as the process lives
_sessions: dict[str, int] = {}  # Streamlit's, each with the seat that its page is for


@cache
def room() -> Classroom | None:
    """The class; None where this server holds none. Where it can't be held, the process says why and ends."""
    if not serving.holds_a_class():
        return None
    store = stored.store()
    try:
        if store is not None:
            _held.append(hold(store.folder))
        return Classroom(None if store is None else store.folder)
    except ValueError as error:
        sys.exit(f"ganlab: {error}")


def who() -> int | None:
    """The seat's number, or TEACHER, of the person whose page runs on this thread; None without a class."""
    held = room()
    return None if held is None else held.who(st.context.cookies)


def rules() -> RulesOfAClass | None:
    """What the Lab asks of the class; None without one."""
    held = room()
    return None if held is None else RulesOfAClass(held, who)


def limits() -> Limits | None:
    """What whoever the page on this thread is for may do in the class; None without limits."""
    held = room()
    return None if held is None or who() in (None, TEACHER) else held.state.limits


def why_no_sweeps() -> str:
    """Why the page on this thread can't begin a wall; "" where it can."""
    own = limits()
    return "" if own is None or own.sweeps else NO_SWEEPS


def why_no_own_data() -> str:
    """Why the page on this thread takes no points, images or weights; "" where it does."""
    own = limits()
    return "" if own is None or own.own_data else NO_OWN_DATA


def check_changes(changes: Mapping[str, Any]) -> None:
    """Refuse changes of settings that the teacher has locked for whoever the page on this thread is for.

    Raises:
        ExperimentError: one is locked.
    """
    locked_settings.check_changes(_locks(), changes)


def why_locked(*fields: str) -> str:
    """Who has locked these settings for whoever the page on this thread is for; "" where nobody has."""
    held = {locked_settings.lock_of(field) for field in fields} & set(_locks())
    return locked_settings.sentence(held) if held else ""


def _locks() -> tuple[Lock, ...]:
    held = room()
    return () if held is None or who() in (None, TEACHER) else held.state.locks


def shown_rules() -> str | None:
    """What the page on this thread shows of limits and locks, as a name that changes with them; None without any."""
    held = room()
    return None if held is None or limits() is None else held.state.rules


def why_no_name(run_id: str) -> str:
    """Why this run can't get a name, which would keep it; "" where it can."""
    own, mine, store = limits(), own_runs() or frozenset(), stored.store()
    if own is None or store is None:
        return ""
    with suppress(StoreUnusable):
        named = {run.id for run in store.runs() if run.name and run.id in mine}
        return TOO_MANY_NAMES.format(own.kept) if len(named - {run_id}) >= own.kept else ""
    return ""


def may_open(run_id: str) -> bool:
    """Whether the page on this thread may work on a run whose id it was given: without a class, any."""
    held = room()
    return held is None or held.may_command(who(), run_id)


def own_runs() -> frozenset[str] | None:
    """The ids of the runs of this seat, in whatever tab they were made; None where pages go by other rules.

    Of the teacher, those of the whole class.
    """
    held, number = room(), who()
    if held is None or number is None:
        return None
    return frozenset(held.state.owners) if number == TEACHER else held.state.owned_by(number)


def sent_run() -> str:
    """The id of the run that the teacher has sent to all; "" for none."""
    held = room()
    return "" if held is None else held.state.sent


def names_hidden(run_id: str) -> bool:
    """Whether this run is shown to all without a name: what its student called it may say whose it is."""
    held = room()
    shown = None if held is None else held.state.spotlight
    return shown is not None and shown.run == run_id and not shown.named and who() != shown.seat


def stop_strangers() -> None:
    """End the page here if the class has no seat for the person: taken away, say, while the page was open."""
    if room() is None:
        return
    if (number := who()) is None:
        st.info(NO_SEAT, icon=":material/door_front:")
        st.stop()
    if (context := get_script_run_ctx(suppress_warning=True)) is not None:
        _sessions[context.session_id] = number


def shut_out() -> None:
    """Close the open pages of seats that were taken away: a press there would still reach their runs.

    To be called on the server's event loop.
    """
    held, runtime = room(), Runtime.instance() if Runtime.exists() else None
    if held is None or runtime is None:
        return
    for session_id, number in list(_sessions.items()):
        if not runtime.is_active_session(session_id):
            _sessions.pop(session_id, None)  # a tab that comes back runs its script, and is noted again
        elif number != TEACHER and held.seat(number) is None:
            _sessions.pop(session_id, None)
            runtime.close_session(session_id)


def banner() -> str:
    """What the head of every page holds: the script that says what the class is told."""
    return "" if room() is None else f'<script type="module" src="{assets_path()}classroom/banner.js"></script>'


def invitation(held: Classroom) -> str:
    """What the terminal shows when the server starts: for the students, and for the teacher."""
    host = own_address() or "localhost"
    if not serving.shared():
        host = "localhost"
    app = serving.address_of(host)
    join = f"{app}{'' if app.endswith('/') else '/'}class"
    lines = [
        _qr(f"{join}#{held.state.code}"),
        f"Students open   {join}",
        f"and type        {held.state.code}",
        "",
        f"Your own link   {join}/teacher#{held.state.key}",
        "                It opens the board. Keep it for yourself.",
    ]
    if held.state.seats:
        lines.append(
            f"This class goes on: it has {len(held.state.seats)} seats. To begin a new one, end it on the board."
        )
    if not serving.shared():
        lines.append(
            "Only this computer can reach these addresses. Start with --host 0.0.0.0 to reach them from others."
        )
    if stored.store() is None:
        lines.append("Runs can't be saved here, so seats and runs last only as long as this server.")
    return "\n".join(lines)


def _qr(address: str) -> str:
    """The address as a QR code in characters; a terminal that does not have them is shown none."""
    drawn = io.StringIO()
    segno.make(address, error="l").terminal(out=drawn, compact=True, border=2)
    try:
        drawn.getvalue().encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return "(This terminal can't show a QR code; the board can.)\n"
    return drawn.getvalue()
