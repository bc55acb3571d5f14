"""Which browser tabs are open, on whatever page and hidden or not, and which runs they are on."""

from __future__ import annotations

import threading

from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ganlab.ui.tab import Tab

_lock = threading.Lock()
_tabs: dict[str, tuple[Tab, str]] = {}  # by Streamlit's session: the tab, and the id of its sweep


def note(tab: Tab, sweep_id: str) -> None:
    """Note that the tab whose script runs on this thread is open."""
    if (context := get_script_run_ctx(suppress_warning=True)) is not None:
        with _lock:
            _tabs[context.session_id] = (tab, sweep_id)


def is_open(run_id: str) -> bool:
    """Whether a tab that is connected has this run or sweep before it. From any thread."""
    runtime = Runtime.instance() if Runtime.exists() else None
    if runtime is None:
        return False
    with _lock:
        for session_id in [each for each in _tabs if not runtime.is_active_session(each)]:
            del _tabs[session_id]  # a tab that comes back runs its script, and is noted again
        return any(run_id in _ids(tab, sweep_id) for tab, sweep_id in _tabs.values())


def _ids(tab: Tab, sweep_id: str) -> set[str]:
    return {tab.run.id, sweep_id, *(shelf.run.id for shelf in tab.beside)}
