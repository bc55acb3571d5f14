"""Points and images of one's own through the train page's dialog."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from ganlab import data
from ganlab.data.images.own import OWN_SIZE
from ganlab.runs import Run
from ganlab.ui import session
from ganlab.ui.train.drawing import as_points
from ganlab.ui.train.own_data import NO_COLUMN
from tests.patience import PATIENCE

SHELL = Path(__file__).parents[2] / "pages" / "shell.py"
POINTS = "x, y\n" + "\n".join(f"{i / 10}, {i % 3}" for i in range(30))


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("GANLAB_CACHE", str(tmp_path))
    yield
    for run in session.lab().runs():
        session.lab().remove(run.id)


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(SHELL), default_timeout=PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert not app.exception
    return app


def run_of(app: AppTest) -> Run:
    run = app.session_state["tab"].run
    assert isinstance(run, Run)
    return run


def asking() -> AppTest:
    app = opened()
    return checked(app.button(key="own_data").click().run())


def choose(app: AppTest, value: str) -> None:
    checked(next(box for box in app.selectbox if box.label == "Real data").set_value(value).run())


def upload(app: AppTest, key: str, *files: tuple[str, bytes, str]) -> None:
    box = next(box for box in app.file_uploader if box.key == key)
    box.set_value(list(files) if key == "own_images" else files[0])
    checked(app.run())


def picture(side: int) -> bytes:
    file = io.BytesIO()
    noise = np.random.default_rng(side).integers(0, 255, (side, side, 3), np.uint8)
    Image.fromarray(noise).save(file, "PNG")
    return file.getvalue()


def archive(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return made.getvalue()


def said(app: AppTest) -> str:
    return "\n".join(text.value for text in (*app.markdown, *app.caption, *app.get("text")))


def test_pasted_numbers_are_reported_scaled_and_trained_on() -> None:
    app = asking()
    before = run_of(app)
    checked(app.text_area(key="own_text").set_value(POINTS).run())
    assert "30 points of two numbers (x, y), with commas between them" in said(app)
    assert "x = (value - (1.45, 1)) /" in said(app)
    checked(app.button(key="use_text").click().run())
    run = run_of(app)
    assert run is not before
    assert run.experiment.data == "own_points"
    assert len(run.experiment.own_data) == 64
    assert data.load(run.experiment).spec.size == 30
    assert app.session_state["tab"].wanted is None
    again = opened(x=app.query_params["x"])
    assert run_of(again).experiment == run.experiment, "the link works where the points are"


def test_a_bad_line_is_named_with_what_is_expected_and_nothing_changes() -> None:
    app = asking()
    before = run_of(app)
    checked(app.text_area(key="own_text").set_value("1, 2\n3, four\n").run())
    assert 'Line 2 reads "3, four"' in app.error[0].value
    assert "two numbers with commas between them" in app.error[0].value
    assert "use_text" not in {button.key for button in app.button}
    assert run_of(app) is before


def test_choosing_own_points_opens_the_dialog_and_leaving_them_forgets_the_digest() -> None:
    app = opened()
    choose(app, "own_points")
    assert app.session_state["tab"].wanted.experiment.data == "own_points"
    checked(app.text_area(key="own_text").set_value("1\n2\n4\n").run())
    checked(app.button(key="use_text").click().run())
    assert data.shape_of(run_of(app).experiment) == (1,)
    choose(app, "moons")
    assert run_of(app).experiment.own_data == ""


def test_own_images_bring_networks_that_suit_images() -> None:
    app = opened()
    choose(app, "own_images")
    content = archive(**{"a.png": picture(40), "b.png": picture(90), "notes.txt": b"no picture"})
    upload(app, "own_images", ("mine.zip", content, "application/zip"))
    assert "2 colour images can be used" in said(app)
    assert "1 skipped, not an image: notes.txt" in said(app)
    checked(app.button(key="use_images").click().run())
    experiment = run_of(app).experiment
    assert (experiment.data, experiment.generator) == ("own_images", "dcgan")
    assert data.load(experiment).spec.shape == (3, OWN_SIZE, OWN_SIZE)


def test_images_may_be_chosen_one_by_one() -> None:
    app = opened()
    choose(app, "own_images")
    files = [
        ("a.png", picture(40), "image/png"),
        ("b.png", b"broken", "image/png"),
        ("c.png", picture(70), "image/png"),
    ]
    upload(app, "own_images", *files)
    assert "2 colour images can be used" in said(app)
    assert "1 skipped, broken or not really an image: b.png" in said(app)


def test_what_holds_no_image_is_refused_in_a_sentence() -> None:
    app = opened()
    choose(app, "own_images")
    upload(app, "own_images", ("mine.zip", archive(**{"notes.txt": b"no picture"}), "application/zip"))
    assert "No image could be used" in app.error[0].value


def test_a_csv_file_is_read() -> None:
    app = asking()
    upload(app, "own_csv", ("points.csv", POINTS.replace(",", ";").encode(), "text/csv"))
    assert "with semicolons between them" in said(app)


def test_columns_are_chosen_where_a_table_has_more_than_two() -> None:
    app = asking()
    table = "x,y,z\n" + "".join(f"{n},{n * n},{-n}\n" for n in range(9))
    checked(app.text_area(key="own_text").set_value(table).run())
    assert "9 points of two numbers (x, y)" in said(app)
    checked(app.selectbox(key="up_text").set_value(2).run())
    assert "9 points of two numbers (x, z)" in said(app)
    checked(app.selectbox(key="up_text").set_value(NO_COLUMN).run())
    assert "9 points of one number (x)" in said(app)
    checked(app.button(key="use_text").click().run())
    assert data.load(run_of(app).experiment).spec.shape == (1,)


def test_a_column_of_words_becomes_classes_that_g_can_be_asked_for() -> None:
    app = asking()
    table = "x,y,kind\n" + "".join(f"{n},{n * n},{'cat' if n % 2 else 'dog'}\n" for n in range(9))
    checked(app.text_area(key="own_text").set_value(table).run())
    assert app.get("text")[0].value.startswith("2 classes: cat, dog. If you choose a Condition")
    checked(app.button(key="use_text").click().run())
    experiment = run_of(app).experiment
    assert experiment.own_classes == 2
    assert data.load(experiment.changed(condition="concat")).spec.labels == ("cat", "dog")
    choose(app, "moons")
    assert run_of(app).experiment.own_classes == 0


def test_what_was_left_out_of_a_table_is_told() -> None:
    app = asking()
    checked(app.text_area(key="own_text").set_value("1, 2\n3, nan\n4, 5\n").run())
    assert app.get("text")[0].value == "1 row is left out (line 2): a value is missing there."


@pytest.mark.parametrize("told", [None, [], [1.0], "points", [1.0, float("nan")], [[1], [2, 3]], {"x": 1}])
def test_what_no_drawing_sends_counts_as_nothing_drawn(told: object) -> None:
    assert as_points(told).shape == (0, 2)


def test_a_drawing_is_a_list_of_points() -> None:
    np.testing.assert_array_equal(as_points([1, 2, 3, 4.5]), [[1, 2], [3, 4.5]])
