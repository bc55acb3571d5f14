"""The train page: one run, live, with everything that can be changed about it."""

import streamlit as st

from ganlab.ui import bench, session
from ganlab.ui.train.missing import ask_for
from ganlab.ui.train.panel import panel
from ganlab.ui.train.theory import theory
from ganlab.ui.train.watch import watch

if (wished := session.asked_for()) is not None:
    bench.show(wished)
run = session.run()
session.remember()

# In this order: the browser shows what comes first before it works through what follows.
wanted = session.tab().wanted
watch(run, wanted)
with st.sidebar:
    panel(run)
theory(run)
if wanted:
    ask_for(wanted)
