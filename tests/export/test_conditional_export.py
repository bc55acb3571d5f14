"""A generator that is asked for a class keeps answering away from home."""

from __future__ import annotations

from pathlib import Path

import torch

from ganlab.export.generator import load_generator
from ganlab.export.onnx import description
from ganlab.export.program import write_program
from ganlab.export.weights import write_weights
from tests.export.conftest import DIGITS, trained


def test_the_class_that_is_named_is_the_class_that_is_made(tmp_path: Path) -> None:
    taken = trained(2, **DIGITS, condition="projection", info_continuous=2)
    write_weights(taken, tmp_path)
    generator = load_generator(tmp_path)
    asked = generator.latents(3, label=7)
    assert torch.equal(asked[:, 4:14], torch.eye(10)[[7, 7, 7]])
    assert torch.equal(generator.sample(3, label=7), taken.generator(asked))
    write_program(taken, tmp_path)
    said = description(taken)
    assert said["input"] == "4 numbers of noise, 10 numbers of class (one-hot), 2 numbers of codes in [-1, 1]"
    assert said["labels"].startswith("0, 1, 2")
