"""The export page: take a run home, in a form that works without this app."""

import streamlit as st

from ganlab.ui.export_page import export_page
from ganlab.ui.picker import run_box
from ganlab.ui.reopen import reopen_box

st.title("Export")
run = run_box()
export_page(run)
reopen_box()
