"""The latent page: what a run's generator makes of its latent space."""

import streamlit as st

from ganlab.ui import session
from ganlab.ui.latent.latent_view import latent_view
from ganlab.ui.notices import show_notices
from ganlab.ui.picker import run_box

session.run()
session.remember()

show_notices()
with st.container(key="latent_run", width=420):
    run = run_box()
latent_view(run)
