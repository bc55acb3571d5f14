"""What is stored of a run beside its checkpoints."""

from __future__ import annotations

import json
from dataclasses import replace

from ganlab.experiment import Experiment
from ganlab.experiment.sentence import Sentence
from ganlab.runs.fork import Origin
from ganlab.runs.keeping.stored_run import record_of, values_of
from ganlab.runs.record import RunRecord

SAID = Sentence("All {last:,} iterations are done.", last=2000)
BEGUN = Sentence("Goes on from iteration {iteration:,} with everything as it was.", iteration=1500)


def stored(record: RunRecord) -> RunRecord:
    return record_of(json.loads(json.dumps(values_of(record))))


def test_sentences_are_stored_in_parts_and_texts_of_older_versions_open() -> None:
    experiment = Experiment()
    record = RunRecord(experiment, experiment, (), Origin("parent", 1500, BEGUN), id="run", message=SAID)
    again = stored(record)
    assert again.origin is not None
    assert isinstance(again.message, Sentence) and again.message.parts() == SAID.parts()
    assert isinstance(again.origin.sentence, Sentence) and again.origin.sentence.parts() == BEGUN.parts()
    member = replace(record, origin=Origin("wall", 10, BEGUN, wall=True))
    assert stored(member).origin == member.origin
    older = replace(record, origin=Origin("parent", 1500, "As {it} was."), message="Plain text.")
    assert stored(older).message == "Plain text."
    assert stored(older).origin == older.origin
