"""Any Python text as text that protobuf can carry, and back.

Python 3.8 reads this module, and the standard library is all it needs.

A path may hold bytes that are no UTF-8; Python shows each as a lone surrogate, which protobuf
refuses. `media.proto` states the form they travel in.
"""

from __future__ import annotations

import re

_UNSENDABLE = re.compile("[\0\ud800-\udfff]")
_ESCAPED = re.compile("\0([0-9a-f]{4})")


def to_wire(text: str) -> str:
    """`text` with U+0000 and lone surrogates written as U+0000 and four hexadecimal digits."""
    return _UNSENDABLE.sub(lambda found: f"\0{ord(found.group()):04x}", text)


def from_wire(text: str) -> str:
    """The text that `to_wire` was given. U+0000 without four digits after it stays as it is."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)
