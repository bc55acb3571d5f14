"""What a setting is called, with the network that it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from ganlab.experiment import Group, knob
from ganlab.experiment.choices import Model

INITIALS: Mapping[Group, str] = {"generator": "G", "discriminator": "D"}
VAE_INITIALS: Mapping[Group, str] = {"generator": "G", "discriminator": "E"}


def label(name: str, model: Model = "gan") -> str:
    """The field's name, with the network that it belongs to.

    Plain text: a select box is announced by its label as it is written, markup and all.
    """
    note = knob(name)
    initials = VAE_INITIALS if model == "vae" else INITIALS
    if note.group not in initials:
        return note.label
    is_word = note.label[1:2].islower()
    return f"{initials[note.group]} {note.label[0].lower() + note.label[1:] if is_word else note.label}"
