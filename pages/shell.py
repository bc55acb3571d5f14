"""What every page has around it: the window's title, the logo and the way to the other pages."""

from pathlib import Path

import streamlit as st

from ganlab.ui import classroom, rules
from ganlab.ui.presenting import show_presenting
from ganlab.ui.train import panel
from ganlab.ui.train.watching import watching_page

ASSETS = Path(__file__).parents[1] / "assets"
LOGO = str(ASSETS / "logo.svg")

st.set_page_config(page_title="GanLab", page_icon=LOGO, layout="wide", initial_sidebar_state=330)
st.logo(LOGO, size="large")
st.html(ASSETS / "style.css")
classroom.stop_strangers()
show_presenting(ASSETS / "present.css")
PAGES = [
    st.Page("train.py", title="Train", icon=":material/science:", default=True),
    st.Page("model.py", title="Model", icon=":material/account_tree:"),
    st.Page("collapse.py", title="Collapse", icon=":material/blur_on:"),
    st.Page("compare.py", title="Compare", icon=":material/view_column:"),
    st.Page("sweep.py", title="Sweep", icon=":material/grid_view:"),
    st.Page("latent.py", title="Latent", icon=":material/explore:"),
    st.Page("export.py", title="Export", icon=":material/file_export:"),
]
if "watch" in st.query_params:
    watching_page(st.query_params["watch"])
else:
    page = st.navigation(PAGES, position="top")
    with st.container(horizontal=True, gap="xsmall", key="pages"):
        for other in PAGES:
            st.page_link(other)
    rules.follow(panel.redraw_rules if page is PAGES[0] else None)
    page.run()
