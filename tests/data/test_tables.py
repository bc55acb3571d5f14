"""Tables: what is understood, in every manner that people have them, and what is refused with its line."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inputs import POINTS, TABLES

from benchmarks.largest_tables import LARGEST
from ganlab.data import Collection, load
from ganlab.data.own_points import about, chosen, keep, usual_columns, usual_label
from ganlab.data.tables import MOST_BYTES, MOST_ROWS, read
from ganlab.experiment import Experiment, ExperimentError

PAIRS = [[1.5, -2.0], [3.0, 4.25]]


def points_in(text: str | bytes) -> list[list[float]]:
    return chosen(read(text)).values.tolist()


@pytest.mark.parametrize("name", TABLES)
def test_every_manner_gives_the_same_points(name: str) -> None:
    content, points = TABLES[name]
    np.testing.assert_array_equal(chosen(read(content)).values, points)


def test_names_come_from_the_header_and_an_index_is_no_data() -> None:
    assert chosen(read(TABLES["cp1252"][0])).names == ("Breite", "Höhe")
    table = read(TABLES["pandas' index"][0])
    assert [column.counts for column in table.columns] == [True, False, False]
    assert table.noted == ("The first column only counts the rows, so it is left out.",)
    assert chosen(table, (0, 2)).values[:3].tolist() == [[0, -0.25], [1, POINTS[1, 1]], [2, POINTS[2, 1]]]


def test_columns_can_be_chosen() -> None:
    table = read("x,y,z,kind\n1,2,3,a\n4,5,6,b\n7,8,9,a\n")
    assert usual_columns(table) == (0, 1)
    points = chosen(table, (2, 0))
    assert points.values.tolist() == [[3, 1], [6, 4], [9, 7]]
    assert points.names == ("z", "x")


def test_a_column_of_words_names_classes() -> None:
    table = read("x,y,kind\n" + "1,2,cat\n4,5,dog\n" * 3 + "7,8,\n")
    assert usual_label(table) == 2
    points = chosen(table, label=2)
    assert (points.labels, points.classes) == (("cat", "dog"), (0, 1) * 3)
    assert points.noted == ("1 row is left out (line 8): a value is missing there.",)
    e = Experiment.of(data="own_points", own_data=keep(points.values, about(points)), own_classes=2, condition="concat")
    dataset = load(e)
    assert isinstance(dataset, Collection) and dataset.classes is not None
    assert (dataset.spec.labels, dataset.classes.tolist()) == (("cat", "dog"), [0, 1] * 3)
    assert usual_label(read("x,y,name\n1,2,ann\n3,4,bob\n5,6,carl\n")) is None, "each name once"


@pytest.mark.parametrize("missing", ["nan", "NA", "#N/A", "", "n/a", "null", "-inf", "#DIV/0!"])
def test_rows_that_lack_a_number_are_left_out_and_told(missing: str) -> None:
    points = chosen(read(f"x,y\n1,2\n{missing},3\n4,5\n6,{missing}\n"))
    assert points.values.tolist() == [[1, 2], [4, 5]]
    assert points.noted == ("2 rows are left out (line 3, 5): a value is missing there.",)


def test_a_sentinel_is_told_from_a_measurement() -> None:
    points = chosen(read("x,y\n0.1,0.2\n-999,0.3\n0.4,0.5\n"))
    assert points.values.tolist() == [[0.1, 0.2], [0.4, 0.5]]
    assert points.noted == ("1 row is left out (line 3): many programs write -999 for a missing value.",)
    assert len(chosen(read("\n".join(map(str, range(900, 1100))))).values) == 200


def test_a_cell_of_several_lines_keeps_the_count_of_lines() -> None:
    with pytest.raises(ExperimentError, match=r"^Line 5 reads"):
        chosen(read('"x\n(m)",y\n1,2\n3,4\nfour,5\n'))


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_input_is_read_or_refused(name: str) -> None:
    """For how long others wait meanwhile is measured: see `benchmarks.largest_tables`."""
    with suppress(ExperimentError):
        assert len(chosen(read(LARGEST[name])).values) > 0


@pytest.mark.parametrize(
    "text",
    [
        "1.5,-2\n3,4.25",
        "1.5, -2.0\r\n3, 4.25\r\n",
        "1.5;-2\n3;4.25\n",
        "1,5;-2\n3;4,25\n",
        "1,5; -2,0;\n3; 4,25;\n",
        "1.5\t-2\n3\t4.25",
        "1,5\t-2\n3\t4,25",
        "  1.5   -2\n\n3 4.25  \n",
        "1,5 -2,0\n3,0 4,25",
        "x,y\n1.5,-2\n3,4.25",
        '"width";"height"\n1,5;-2\n3;4,25',
        "# from the lab\n1.5,-2\n# and the other\n3,4.25",
        "1.5e0,-.2e1\n+3.,4.25E+00",
        b"\xef\xbb\xbf1.5,-2\n3,4.25",
        "\ufeffx y\n1.5 -2\n3 4.25",
    ],
)
def test_tables_are_read_however_they_are_written(text: str | bytes) -> None:
    assert points_in(text) == PAIRS


@pytest.mark.parametrize("text", ["1.5\n-2\n3", "value\n1.5\n-2\n3", "1,5;\n-2;\n3;", "1.5,\n-2,\n3,"])
def test_one_column_is_points_on_a_line(text: str) -> None:
    assert points_in(text) == [[1.5], [-2.0], [3.0]]


def test_the_way_it_was_read_is_told() -> None:
    table = read("width;height\n1,5;2\n3;4")
    assert (table.separator, table.decimal_comma, chosen(table).names) == ("semicolons", True, ("width", "height"))
    table = read("1,5\n3,4")
    assert (table.separator, table.decimal_comma, chosen(table).names) == ("commas", False, ())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There are 0 points here; at least 2 are needed, one a line."),
        ("x,y\n1,2", "There are 1 points here; at least 2 are needed, one a line."),
        (
            "1,2\n3,four\n5,6",
            'Line 2 reads "3, four", but two numbers with commas between them is expected, such as 0.5, -1.2.',
        ),
        (
            "x;y\n\n1;2\n3",
            "There are 1 points here; at least 2 are needed, one a line. 1 row is left out (line 4): a value is",
        ),
        (
            "x;y\n\n1;2\n3;four\n5;6",
            'Line 4 reads "3; four", but two numbers with semicolons between them is expected, such as 0.5; -1.2.',
        ),
        ("1\n2\n3 4", 'Line 3 reads "3 4", but one number is expected, such as 0.5.'),
        ("a,b\nc,d\ne,f", 'Line 2 reads "c, d", but two numbers with commas'),
        ('x,y\n"1,234","2,345"', 'Line 2 holds "1,234", which can be read in two ways: write it as 1234 or as 1.234.'),
        ("1 2\n3 nan", "There are 1 points here; at least 2 are needed, one a line. 1 row is left out (line 2)"),
        ('x,y\n1,2\n"3,4', 'A quotation mark (") is opened but not closed'),
        ("[[1 2]\n ...\n [3 4]]", 'The array is shortened ("..."): print all of it'),
        (b"PK\x03\x04 a workbook", "This is a workbook or an archive, not text: save the sheet as CSV"),
        ("1," * 65 + "1\n2", "There are 66 columns here, and at most 64 are possible: leave some out."),
        (
            "1,2\n" * 99_000 + "1," * 60 + "1",
            "There are 99,001 lines of up to 61 columns here, and at most 1,000,000 cells",
        ),
        ("1\n" * 250_000, "There are 250,000 lines here, and at most 100,000 are possible."),
        ("1" * 20_000, "There are 0 points here"),
        ("1 2\n1e400 4", "Line 2 holds a number beyond 1e+30, which is too large for training."),
        (b"\xff\xfe\x00", "This is not text: save the table as CSV (UTF-8) and use the CSV file."),
        ("1" * (MOST_BYTES + 1), "This is 5.0 MB of text, and at most 5 MB are possible."),
        ("1\n" * (MOST_ROWS + 1), "There are 100,001 points here, and at most 100,000 are possible."),
        ("x" * 500 + ",1\n1,2\n3,4", 'Line 1 reads "' + "x" * 40 + '..."'),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str | bytes, sentence: str) -> None:
    with pytest.raises(ExperimentError) as error:
        chosen(read(text))
    assert str(error.value).startswith(sentence)


@settings(deadline=None)
@given(st.text(max_size=80) | st.binary(max_size=80))
def test_no_text_does_worse_than_an_experiment_error(text: str | bytes) -> None:
    with suppress(ExperimentError):
        assert np.isfinite(chosen(read(text)).values).all()


@settings(deadline=None)
@given(
    st.lists(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), min_size=2, max_size=20),
    st.sampled_from([",", ";", "\t", " ", ", "]),
)
def test_numbers_written_out_come_back(rows: list[list[float]], separator: str) -> None:
    text = "\n".join(separator.join(map(repr, row)) for row in rows)
    assert points_in(text) == rows
