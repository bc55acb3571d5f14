"""Where to begin: presets, the way back to an earlier run, and links to share."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from ganlab.classroom.state import TEACHER
from ganlab.presets import PRESETS
from ganlab.runs import Run, State
from ganlab.runs.trained.starts import trained_starts
from ganlab.ui import bench, classroom, session, stored, working
from ganlab.ui.naming import title
from ganlab.ui.notices import show_notices
from ganlab.ui.plain import plain
from ganlab.ui.serving import as_others_reach
from ganlab.ui.widgets import key_for


def preset_box() -> None:
    """The presets in a box that shows which one this tab started from."""
    chosen = session.tab().preset
    names = list(PRESETS)
    key = key_for("preset", chosen)
    st.selectbox(
        "Preset",
        names,
        index=names.index(chosen) if chosen else None,
        format_func=lambda name: PRESETS[name].title,
        key=key,
        placeholder="Your own settings",
        label_visibility="collapsed",
        on_change=_open_preset,
        args=(key,),
        width=205,
    )


def _open_preset(key: str) -> None:
    if name := st.session_state[key]:
        working.open_preset(name)


def explanation(run: Run) -> None:
    """What to look for, where it comes from, and whether the settings are still the preset's."""
    preset = session.chosen_preset()
    begins_anew = run.state is State.READY  # it was reset, perhaps while its trained start was still being read
    origin = None if begins_anew or run.origin is None or not run.origin.shipped else run.origin
    began = "" if origin is None else f" {plain(origin.sentence)}"
    if preset is None:
        st.caption(f"Your own settings. Each preset in the Gallery says what to watch for.{began}")
        return
    changed = len(run.experiment.differences(preset.experiment))
    note = f" **{changed} setting{'s' * (changed > 1)} changed.**" if changed else ""
    st.caption(f"{preset.explanation}{note}{began}", help=preset.source)
    if begins_anew and not changed:
        trained_button(preset.name, "trained")


def trained_button(name: str, key: str) -> bool:
    """The way to a preset's trained start, where there is one. Returns whether it was pressed."""
    start = trained_starts().get(name)
    if start is None:
        return False
    return st.button(
        "Open trained",
        key=key,
        icon=":material/fast_forward:",
        type="tertiary",
        help=f"Opens this preset as it is after {start.iterations:,} iterations. They were trained beforehand, in "
        f"{start.seconds:.0f} s of one CPU core. You can train it on, walk through its latents and export it.",
        on_click=working.open_trained,
        args=(name,),
    )


def notices() -> int:
    """What happened since the last time, said once; and the way back, to the wall or to a run put aside.

    Returns how many lines.
    """
    lines, earlier = show_notices(), working.earlier()
    if bench.came_from_a_wall():
        _back_to_the_wall()
        return lines + 1
    if earlier is not None:
        st.button(
            f"Back to the previous run ({described(earlier)})",
            key="back",
            icon=":material/undo:",
            type="tertiary",
            on_click=working.back,
        )
    return lines + (earlier is not None)


def _back_to_the_wall() -> None:
    if st.button("Back to the wall", key="back_to_wall", icon=":material/grid_view:", type="tertiary"):
        st.switch_page("sweep.py")


def described(run: Run) -> str:
    """A run in a few words."""
    return f"{title(run.experiment, session.preset_of(run.initial_experiment))}, iteration {run.iteration:,}"


def share(run: Run) -> None:
    """Links to this experiment, and to this very run: one that watches it, one that commands it."""
    with st.popover("Share", icon=":material/link:", key="share", help="Copy a link to these settings or to this run."):
        experiment = {key: value for key, value in session.address(run).items() if key == "x"}
        st.markdown("**To open these settings**, on any computer that runs GanLab:")
        st.code(_link(experiment), language=None, wrap_lines=True)
        st.markdown(
            "**To watch this run**, while this app runs. Somebody who has only this link can't change anything:"
        )
        st.code(_link({"watch": stored.watch_ids().of(run.id)}), language=None, wrap_lines=True)
        st.markdown(f"**To control this run**, {_who_controls()}")
        st.code(_link({"run": run.id}), language=None, wrap_lines=True)


def _who_controls() -> str:
    number = classroom.who()
    if number is None:
        return "from another screen or on another day. Don't give this link to others:"
    if number == TEACHER:
        return "in this browser, on another day. It works for you alone:"
    return "in this browser, on another day. It works for you and your teacher alone:"


def _link(query: dict[str, str]) -> str:
    here = urlsplit(as_others_reach(st.context.url or "http://localhost:8501/"))
    return urlunsplit((here.scheme, here.netloc, here.path or "/", urlencode(query, safe=":,"), ""))
