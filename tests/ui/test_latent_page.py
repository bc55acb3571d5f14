"""The latent page through AppTest: it shows the run that is chosen."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from ganlab.data import own_points
from ganlab.experiment import Experiment
from ganlab.ui.latent.latent_view import SCALED
from tests.patience import PATIENCE
from tests.ui.page import SHELL, SMALL


@pytest.mark.parametrize("link", [SMALL, "data:mixture_1d,latent_dim:1", "data:digits,generator:dcgan"])
def test_it_opens_for_a_run_of_any_data(link: str) -> None:
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    app.query_params["x"] = link
    app.run()
    app.switch_page(str(SHELL.with_name("latent.py"))).run()
    assert not app.exception
    run = app.session_state["tab"].run
    assert run.experiment.differences(type(run.experiment).from_link(link)) == {}
    assert app.selectbox[0].value == run.id


def test_whoever_brought_points_of_their_own_is_told_what_the_lengths_mean() -> None:
    rng = np.random.default_rng(0)
    digest = own_points.keep(rng.normal((5, 70_000), (1, 20_000), (60, 2)))
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    app.query_params["x"] = Experiment.of(data="own_points", own_data=digest).to_link()
    app.run()
    app.switch_page(str(SHELL.with_name("latent.py"))).run()
    assert not app.exception
    assert SCALED in [caption.value for caption in app.caption]
