"""The Model page through AppTest: the diagram is that of the run, and a node unfolds."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from streamlit.testing.v1 import AppTest

from ganlab.experiment import GROUPS, Experiment, fields_of, knob
from ganlab.presets import PRESETS
from ganlab.ui.model.graph import ELSEWHERE, chips, edges, nodes
from ganlab.ui.train.intro import intro
from ganlab.views import VIEWS, cards_of
from tests.patience import PATIENCE
from tests.ui.page import SHELL, SMALL, choose, press, widget

EACH_KIND = [
    SMALL,
    "data:mixture_1d,latent_dim:1",
    "data:digits,generator:dcgan,discriminator:dcgan",
    "condition:projection",
    "info_categories:8,r1_weight:0.1",
    "model:vae",
    PRESETS["dirac-r1"].experiment.to_link(),
]


def opened(link: str, node: str = "") -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    app.query_params["x"] = link
    app.run()
    app.switch_page(str(SHELL.with_name("model.py"))).run()
    if node:
        app.query_params["node"] = node
        app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize("link", EACH_KIND)
def test_it_opens_for_every_kind_of_run_and_each_node_unfolds(link: str) -> None:
    app = opened(link)
    for node in nodes(Experiment.from_link(link)):
        app.query_params["node"] = node.name
        app.run()
        assert not app.exception
        assert any(node.about in text.value for text in app.markdown), node.name


def test_a_loss_unfolds_to_its_formula_and_the_source_that_runs() -> None:
    app = opened("loss:hinge", "loss_d")
    assert r"\max(0, 1 - D(x))" in app.latex[0].value
    assert "def hinge_d(" in app.code[0].value
    press(app, "fold")
    assert not app.code


def test_the_discriminator_unfolds_to_its_layers() -> None:
    table = opened(SMALL, "d").dataframe[0].value
    assert table["shape"][0] == "8 × 2"
    assert table["numbers"].sum() == (8 * 2 + 8) + (8 * 8 + 8) + (8 + 1)


def test_a_setting_on_a_node_is_the_run_s_own() -> None:
    app = opened(SMALL, "step_g")
    box = next(box for box in app.selectbox if box.label.startswith("G learning rate"))
    box.set_value("0.01").run()
    assert app.session_state["tab"].run.experiment.lr_g == 0.01


@pytest.mark.parametrize("link", EACH_KIND)
def test_every_setting_that_has_an_effect_has_its_place_on_one_node(link: str) -> None:
    e = Experiment.from_link(link)
    placed = [name for node in nodes(e) for name in node.fields]
    meant = [name for group in GROUPS for name in fields_of(group) if knob(name).applies(e) and name not in ELSEWHERE]
    assert sorted(placed) == sorted(meant)


def test_a_change_on_model_or_train_acts_on_both() -> None:
    app = opened(SMALL, "step_g")
    box = next(box for box in app.selectbox if box.label.startswith("G learning rate"))
    box.set_value("0.01").run()
    app.switch_page(str(SHELL.with_name("train.py"))).run()
    assert widget(app, "setting_lr_g").value == "0.01"
    choose(app, "lr_g", "0.002")
    app.switch_page(str(SHELL.with_name("model.py")))
    app.query_params["node"] = "step_g"
    app.run()
    assert next(box for box in app.selectbox if box.label.startswith("G learning rate")).value == "0.002"


@pytest.mark.parametrize("e", [*map(Experiment.from_link, EACH_KIND), *(p.experiment for p in PRESETS.values())])
def test_the_chart_of_each_view_leads_to_a_node_of_the_run(e: Experiment) -> None:
    names = {node.name for node in nodes(e)}
    for name in cards_of(e, "train"):
        assert VIEWS[name].node in names, name


def test_a_chart_leads_to_its_node_on_the_model_page_of_the_same_run() -> None:
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    app.query_params["x"] = SMALL
    app.run()
    run = app.session_state["tab"].run
    app.session_state["visit"] = {"node": "scores"}  # as the chart's "i" does
    app.run()
    assert not app.exception
    assert app.session_state["tab"].run is run
    assert any("Scores D" in text.value and "D's answers" in text.value for text in app.markdown)
    assert "visit" not in app.session_state


def test_the_tour_is_about_parts_of_the_diagram() -> None:
    stops = (files("ganlab.browser") / "model" / "tour_stops.js").read_text(encoding="utf-8")
    e = Experiment.of(condition="concat")
    named = {name for lit in re.findall(r"lit: (\[.*?\]),\n  }", stops, re.S) for name in re.findall(r'"(.+?)"', lit)}
    known = {node.name for node in nodes(e)} | {edge.partition(":")[0] for edge in edges(e)}
    assert len(named) > 20 and named <= known
    assert set(re.findall(r' at: "(\w+)"', stops)) <= {node.name for node in nodes(Experiment())}


def test_what_is_what_is_said_of_the_game_that_is_played() -> None:
    assert "points (orange)" in intro(Experiment())["text"]
    assert intro(Experiment())["tour"] and not intro(Experiment.of(model="vae"))["tour"]
    assert "images" in intro(Experiment.of(data="digits", generator="dcgan", discriminator="dcgan"))["text"]
    assert intro(PRESETS["dirac-r1"].experiment)["players"] == ("θ", "ψ")
    assert intro(Experiment.of(mistake="not_detached")) is None


def test_nodes_are_those_of_the_run_and_none_else() -> None:
    def names(**values: object) -> set[str]:
        return {node.name for node in nodes(Experiment.of(**values))}

    assert not names() & {"codes", "penalty"}
    assert "penalty" in names(gp_weight=1.0) and "penalty" not in names(weight_clip=0.1)
    assert "codes" in names(condition="concat") and "codes" in names(info_continuous=1)
    assert ("ema" in names(ema_decay=0.9), "ema" in names(ema_decay=0)) == (True, False)
    assert "scores" not in names(model="vae")
    assert not any("codes" in edge for edge in edges(Experiment()))
    node = next(node for node in nodes(Experiment(n_critic=5)) if node.name == "step_d")
    assert ("n_critic", "5") in chips(node, Experiment(n_critic=5))


def test_the_way_back_is_cut_only_where_it_is() -> None:
    assert "d|fake:d" in edges(Experiment())
    assert "d|fake:d" not in edges(Experiment(consensus_weight=0.1))
    assert "d|fake:d" not in edges(Experiment(mistake="not_detached"))
