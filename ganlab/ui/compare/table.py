"""The settings in which runs differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from ganlab.experiment import Experiment, knob
from ganlab.experiment.label import label
from ganlab.live.colours import run_colour
from ganlab.ui.naming import in_words


def differing(experiments: Sequence[Experiment]) -> dict[str, tuple[str, ...]]:
    """The fields in which not all are alike, and what each says of them, in words.

    A field that has no effect in an experiment is left blank there; one that differs only where it has none is left
    out.
    """
    found = {}
    for name in Experiment.model_fields:
        values = [getattr(e, name) if knob(name).applies(e) or name == "own_data" else None for e in experiments]
        if len(set(values)) > 1:
            found[name] = tuple("" if value is None else in_words(name, value) for value in values)
    return found


def settings_table(
    experiments: Mapping[str, Experiment], colours: Sequence[int], why: Mapping[str, str] | None = None
) -> None:
    """A table of what differs, a column for each run by its name; `why` gives reasons, by field."""
    rows = differing(list(experiments.values()))
    if not rows:
        one = "Add another run to compare their settings."
        st.caption("These runs have the same settings." if len(experiments) > 1 else one)
        return
    heads = "".join(
        f'<th scope="col"><i style="background:{run_colour(colour)}"></i>{escape(name)}</th>'
        for name, colour in zip(experiments, colours, strict=True)
    )
    heads += '<th scope="col">why</th>' if why else ""
    body = "".join(
        f'<tr><th scope="row">{escape(label(name))}</th>'
        f"{''.join(f'<td>{escape(value)}</td>' for value in values)}"
        f"{f'<td>{escape(why.get(name, str()))}</td>' if why else ''}</tr>"
        for name, values in rows.items()
    )
    st.html(f'<table class="differing"><thead><tr><th>settings that differ</th>{heads}</tr></thead>{body}</table>')
