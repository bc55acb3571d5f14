"""What goes between the server and a worker: plain data, and nothing else."""

from __future__ import annotations

import os
import pickle
import threading
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from ganlab.experiment.sentence import Sentence
from ganlab.hosts import messages as m
from ganlab.hosts.black_box import LENGTH, BlackBox, read_black_box
from ganlab.hosts.channel import Outbox, read
from ganlab.hosts.packing import pack_picture, pack_with_history, unpack_picture, unpack_with_history
from ganlab.hosts.viewers import Viewers
from ganlab.runs.engine import Engine
from ganlab.runs.keeping.picture import SamplePreview
from ganlab.training.checkpoint import state_of
from tests.hosts.stage import DIGITS, SMALL

PLAY = m.Play(run="r", build=2, number=3, rest=(50, None, False, False))


def test_a_message_arrives_as_it_was_sent() -> None:
    arrived = m.decode(m.encode(PLAY))
    assert arrived == PLAY
    assert type(arrived) is m.Play
    begin = m.Begin(run="r", build=0, number=0, experiment=SMALL.model_dump())
    assert m.decode(m.encode(begin)) == begin


@pytest.mark.parametrize(
    "data",
    [
        b"nothing of the kind",
        pickle.dumps((m.VERSION, "Play", vars(PLAY) | {"rest": Path("a class")})),
        pickle.dumps((m.VERSION, "Play", vars(PLAY) | {"more": 1})),
        pickle.dumps((m.VERSION, "Play", vars(PLAY) | {"number": "three"})),
        pickle.dumps((m.VERSION, "NoSuchMessage", {})),
        pickle.dumps((m.VERSION + 1, "Play", vars(PLAY))),
        pickle.dumps(PLAY),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(m.NotAMessage):
        m.decode(data)


def test_an_object_of_a_class_does_not_arrive_even_if_it_was_sent() -> None:
    told = m.Pause(run="r", build=0, number=1, because=Sentence("At {n}.", n=3))
    with pytest.raises(m.NotAMessage, match="Sentence"):
        m.decode(m.encode(told))
    with pytest.raises(ValidationError):
        m.Rows(run="r", build=0, first=0, rows="text")  # type: ignore[arg-type]


@pytest.mark.parametrize("experiment", [SMALL, DIGITS], ids=["points", "images"])
def test_a_checkpoint_comes_back_to_the_bit(experiment) -> None:
    engine = Engine(experiment)
    for _ in range(3):
        engine.trainer.step()
    before = engine.checkpoint()
    after = unpack_with_history(pack_with_history(before))
    np.testing.assert_array_equal(after.history, before.history)
    again = Engine(experiment)
    assert again.take_back(after)
    engine.trainer.step()
    again.trainer.step()
    (tensors, plain), (expected, expected_plain) = state_of(again.trainer), state_of(engine.trainer)
    assert plain == expected_plain
    assert all(tensors[name].equal(value) for name, value in expected.items())


@pytest.mark.parametrize("values", [np.eye(3, 2, dtype=np.float32), np.arange(8, dtype=np.uint8).reshape(2, 2, 2, 1)])
def test_a_picture_comes_back(values: np.ndarray) -> None:
    back = unpack_picture(pack_picture(SamplePreview(values, 1.5)), 1.5)
    np.testing.assert_array_equal(back.values, values)


def test_a_full_pipe_holds_up_nobody_and_loses_nothing() -> None:
    reading, writing = os.pipe()
    outbox = Outbox(os.fdopen(writing, "wb"))
    outbox.begin()
    large = [m.Frame(run="r", build=i, frame=bytes(100_000)) for i in range(20)]
    for each in large:
        outbox.put(each)  # returns, though nobody reads
    closing = threading.Thread(target=outbox.close)
    closing.start()
    with os.fdopen(reading, "rb") as pipe:
        assert [read(pipe) for _ in large] == large
        assert read(pipe) is None
    closing.join()


def test_of_a_run_one_frame_is_on_its_way_at_a_time() -> None:
    shown: list[str] = []
    viewers = Viewers(lambda run_id, _: shown.append(run_id))
    viewers.watch("r", frozenset({"losses"}))
    assert viewers.watched("r") == {"losses"}
    viewers.publish("r", {})
    assert viewers.watched("r") == frozenset()
    viewers.arrived("r")
    assert viewers.watched("r") == {"losses"}
    assert shown == ["r"]


def test_a_black_box_tells_the_run_at_work_and_nothing_at_rest(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(bytes(LENGTH))
    box = BlackBox(path)
    with box.at_work_on("0123456789abcdef" * 2):
        assert read_black_box(path) == "0123456789abcdef" * 2
        assert box.working >= 0
    assert read_black_box(path) is None
    assert box.working == 0
