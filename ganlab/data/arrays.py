"""Arrays as Python, NumPy, PyTorch and MATLAB print them, taken apart without evaluating anything."""

from __future__ import annotations

import re

from ganlab.experiment.settings import ExperimentError

BEGINNING = re.compile(r"(?:\w{1,40}[ \t]{0,8}=[ \t]{0,8})?(?:\w{1,12}\.)?(?:\w{1,12})?[\[(]")
TAILS = ("dtype=", "device=", "grad_fn=", "requires_grad=")


def rows_of(text: str) -> list[str] | None:
    """Returns the rows of a printed array as numbers separated by spaces, or None if the text is not an array.

    Raises:
        ExperimentError: the array was printed shortened.
    """
    text = text.strip().rstrip(";").rstrip()
    if not text.endswith(("]", ")")) or not (beginning := BEGINNING.match(text)):
        return None
    text = text[beginning.end() - 1 :]
    if "..." in text:
        raise ExperimentError(
            'The array is shortened ("..."): print all of it, with numpy.set_printoptions(threshold=sys.maxsize).'
        )
    for tail in TAILS:
        text = text.partition(tail)[0]
    body = text.replace("(", "[").replace(")", "]")[1:]
    if "[" in body:
        pieces = (piece.replace("[", " ").replace(",", " ").split() for piece in body.split("]"))
        return [" ".join(piece) for piece in pieces if piece]
    body = body.replace("]", "").replace(",", " ")
    rows = [line.split() for line in body.replace(";", "\n").split("\n") if line.strip()]
    if ";" in body or all(len(row) == 2 for row in rows):
        return [" ".join(row) for row in rows]
    return body.split()
