"""The names that seats are given: a colour and an animal, so that nobody types a name and nobody has to be known."""

from __future__ import annotations

import secrets
from collections.abc import Collection

COLOURS = ("Amber", "Blue", "Coral", "Golden", "Green", "Indigo", "Ivory", "Orange", "Purple", "Red", "Silver", "White")
ANIMALS = (
    "Badger", "Beaver", "Camel", "Crane", "Dolphin", "Eagle", "Falcon", "Fox", "Gecko", "Giraffe", "Heron", "Horse",
    "Jaguar", "Koala", "Lion", "Lynx", "Otter", "Owl", "Panda", "Penguin", "Rabbit", "Robin", "Seal", "Swan", "Tiger",
    "Turtle", "Whale", "Wolf", "Yak", "Zebra",
)  # fmt: skip


def free_name(taken: Collection[str]) -> str:
    """A name that nobody in the class has, picked at random.

    Raises:
        ValueError: all names are taken.
    """
    free = [name for colour in COLOURS for animal in ANIMALS if (name := f"{colour} {animal}") not in taken]
    if not free:
        raise ValueError("all names are taken")
    return secrets.choice(free)
