"""Where this process keeps runs, and which of them a page may list."""

from __future__ import annotations

from functools import cache

import streamlit as st

from ganlab.live.addresses import reached_only_here
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store, place


@cache
def _opened() -> Store | str:
    """The store, or why there is none."""
    try:
        return Store(place())
    except StoreUnusable as error:
        return str(error)


def store() -> Store | None:
    """The runs on this computer; None where none can be kept."""
    opened = _opened()
    return opened if isinstance(opened, Store) else None


def new_keeper() -> Keeper | None:
    """One that saves to the store, if there is one."""
    found = store()
    return None if found is None else Keeper(found)


def trouble(keeper: Keeper | None) -> str | None:
    """Why runs are not saved at present; None where all is well."""
    opened = _opened()
    if isinstance(opened, str):
        return opened
    return None if keeper is None else keeper.trouble


def one_persons() -> bool:
    """Whether only whoever sits at this machine can see the page, so that every run here is theirs to see.

    Where others can, knowing a run's id is the right to see it, and no page tells ids.
    """
    return reached_only_here(st.get_option("server.address"), st.context.headers)
