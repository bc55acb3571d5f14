"""The train page: one run, live, with everything that can be changed about it."""

import streamlit as st

from ganlab.training.size import parameter_counts
from ganlab.ui import bench, session, widgets
from ganlab.ui.train.missing import ask_for
from ganlab.ui.train.own_data import own_data_button
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
    parameters, complaints = parameter_counts(run.experiment), session.complaints()
    widgets.settings(run.experiment, parameters, complaints, session.change, {"data": own_data_button})
theory(run.experiment)
if wanted:
    ask_for(wanted)
