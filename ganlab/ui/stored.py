"""Where this process keeps runs, and which of them a page may list."""

from __future__ import annotations

import secrets
from functools import cache

import streamlit as st

from ganlab.live.addresses import reached_only_here
from ganlab.runs.keeping.database import StoreUnusable
from ganlab.runs.keeping.keeper import Keeper
from ganlab.runs.keeping.store import Store, place
from ganlab.runs.watch_ids import KEY_BYTES, WatchIds, server_key


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


@cache
def watch_ids() -> WatchIds:
    """Returns this server's watch ids. Their key is kept with the runs: links last as long as they do."""
    found = store()
    try:
        return WatchIds(secrets.token_bytes(KEY_BYTES) if found is None else server_key(found.folder))
    except OSError:
        return WatchIds(secrets.token_bytes(KEY_BYTES))


def watched_run(watch_id: str) -> str | None:
    """The id of the stored run that this watch id is of."""
    found = store()
    try:
        return None if found is None else watch_ids().run_id(watch_id, (stored.id for stored in found.runs()))
    except StoreUnusable:
        return None


def new_keeper() -> Keeper | None:
    """Returns a keeper that saves to the store; None if there is no store."""
    found = store()
    return None if found is None else Keeper(found)


def trouble(keeper: Keeper | None) -> str | None:
    """Returns why runs are not saved at present; None if they are."""
    opened = _opened()
    if isinstance(opened, str):
        return opened
    return None if keeper is None else keeper.trouble


def one_persons() -> bool:
    """Whether only whoever sits at this machine can see the page, so that every run here is theirs to see.

    Where others can, knowing a run's id is the right to see it, and no page tells ids.
    """
    return reached_only_here(st.get_option("server.address"), st.context.headers)
