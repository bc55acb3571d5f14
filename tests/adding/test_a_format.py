"""A format that was added as docs/adding/format.md says is offered, written and checked."""

from __future__ import annotations

from pathlib import Path

from tests.adding.growing import growing


def test_a_format_is_its_own_file_its_name_and_a_line_where_formats_are_listed(tmp_path: Path) -> None:
    with growing("format.md", tmp_path) as grown:
        listed = {"ganlab/experiment/choices.py", "ganlab/export/formats.py"}
        assert grown.touched == {"ganlab/export/json_table.py", *listed}
        grown.call(_is_written_and_offered)


def _is_written_and_offered() -> None:
    import contextlib
    import io
    import json
    from pathlib import Path

    import pytest
    from streamlit.testing.v1 import AppTest

    from ganlab.command.cli import main
    from ganlab.export.formats import FORMATS, export
    from tests.export.conftest import trained
    from tests.patience import PATIENCE

    run = trained(3)
    written = export(run, FORMATS["json"], Path("home"))
    assert written.check == f"read back: 3 iterations of {len(run.scalars)} scalars are the same"
    assert json.loads(written.paths[0].read_text())["loss_d"] == run.history[:, 0].tolist()

    said = io.StringIO()
    with contextlib.redirect_stdout(said), pytest.raises(SystemExit):
        main(["export", "--help"])
    assert "--json" in said.getvalue()

    app = AppTest.from_file("pages/shell.py", default_timeout=PATIENCE).run()
    app.switch_page("export.py").run()
    assert not app.exception
    assert app.button(key="export_json").label == "Export"
