"""Shows text from outside without reading it as Markdown.

Streamlit reads nearly all that it shows as Markdown: in an address, a name or the complaint about a value, a picture
would be fetched and a link would look like ours. So whoever shows such text puts it through `plain`.
"""

from __future__ import annotations

import re

# Field names and numbers stay as they are: an underscore inside a word means nothing, nor does a colon before a blank.
_MARKUP = re.compile(r"[\\`*\[\]<>!|$~&@^]|(?<!\w)_|_(?!\w)|:(?=\S)|(?<=www)\.|^[-+#=]|(?<=^\d)[.)]", re.IGNORECASE)


def plain(text: str) -> str:
    """The text, on one line, with nothing in it that Markdown would read as more."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
