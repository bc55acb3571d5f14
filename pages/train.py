"""The train page: one run, live, with everything that can be changed about it."""

import streamlit as st

from ganlab.ui import session, widgets
from ganlab.ui.missing import ask_for
from ganlab.ui.theory import theory
from ganlab.ui.watch import watch

run = session.run()
session.remember()

with st.sidebar:
    widgets.settings(run.experiment, session.parameters(run.experiment), session.complaints(), session.change)

wanted = session.tab().wanted
watch(run, wanted)
theory(run.experiment)
if wanted:
    ask_for(wanted)
