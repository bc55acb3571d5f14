"""A page that was added as docs/adding/page.md says opens beside the others."""

from __future__ import annotations

from pathlib import Path

from tests.adding.growing import growing


def test_a_page_is_its_own_files_and_a_line_where_pages_are_listed(tmp_path: Path) -> None:
    with growing("page.md", tmp_path) as grown:
        own = {"ganlab/ui/facts/__init__.py", "ganlab/ui/facts/page.py", "pages/facts.py"}
        assert grown.touched == {*own, "pages/shell.py"}
        grown.call(_opens)


def _opens() -> None:
    import json

    from streamlit.testing.v1 import AppTest

    from tests.patience import PATIENCE

    app = AppTest.from_file("pages/shell.py", default_timeout=PATIENCE)
    app.query_params["x"] = "data:grid"
    app.run()
    app.switch_page("facts.py").run()
    assert not app.exception
    assert [(metric.label, metric.value) for metric in app.metric] == [("Iterations", "0")]
    assert json.loads(app.json[0].value) == {"data": "grid"}
