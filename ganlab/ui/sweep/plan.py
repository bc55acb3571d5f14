"""The form in which a wall is planned: where it starts from, which fields differ, and what values they take."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ganlab.experiment import Experiment, ExperimentError
from ganlab.experiment.label import label
from ganlab.runs import Axis, Plan
from ganlab.runs.sweeps.plan import MOST_MEMBERS, fields_to_sweep, read_values, suggested
from ganlab.ui.plain import plain

OWN = "Choose the settings yourself"
FEW_SEEDS = tuple(range(5))
# What is asked most, as rows and columns.
WALLS: Mapping[str, tuple[str | None, str]] = {
    "Learning rates of G and D": ("lr_g", "lr_d"),
    "16 seeds": (None, "seed"),
    "R1 and D's learning rate": ("r1_weight", "lr_d"),
    "Losses and seeds": ("seed", "loss"),
    "Packing and seeds": ("seed", "packing"),
}
NOTHING = "(none: one setting only)"


def plan_form(base: Experiment) -> Plan | None:
    """The fields and values that are chosen; None, with the reason beside them, if they make no wall."""
    wall = st.selectbox(
        "Wall", [*WALLS, OWN], key="sweep_wall", help="Choose the one or two settings that differ between the members."
    )
    if wall == OWN:
        fields = [name for name in fields_to_sweep() if len(suggested(base, name)) > 1]
        rows = st.selectbox("Rows", [None, *fields], format_func=_field, key="sweep_rows")
        columns = st.selectbox("Columns", fields, index=fields.index("lr_g"), format_func=_field, key="sweep_columns")
    else:
        rows, columns = WALLS[wall]
    try:
        two = rows is not None
        return Plan(base, _axis(base, columns, two), _axis(base, rows, two) if rows is not None else None)
    except ExperimentError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None


def _axis(base: Experiment, field: str, two: bool) -> Axis:
    """A field and the values in its box, which suggests some."""
    start = FEW_SEEDS if field == "seed" and two else suggested(base, field)
    text = st.text_input(
        f"Values of {label(field)}",
        ", ".join(Axis(field, start).names),
        key=f"sweep_values_{field}_{start}",
        help=f"Put commas between the values. A wall has at most {MOST_MEMBERS} members.",
    )
    return Axis(field, read_values(field, text))


def _field(name: str | None) -> str:
    return NOTHING if name is None else label(name)
