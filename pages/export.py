"""The export page: take a run home, in a form that works without this app."""

import streamlit as st

from ganlab.ui import session
from ganlab.ui.export.export_page import export_page
from ganlab.ui.export.reopen import reopen_box
from ganlab.ui.notices import show_notices
from ganlab.ui.picker import run_box

session.run()
session.remember()

show_notices()
with st.container(key="export_run", width=420):
    run = run_box()
export_page(run)
reopen_box()
