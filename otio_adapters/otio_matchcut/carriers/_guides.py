"""Kdenlive's guides: JSON with position, comment and category."""

from __future__ import annotations

import json
from collections.abc import Iterable

CATEGORIES = (
    ("PURPLE", "#9b59b6"),
    ("BLUE", "#3daee9"),
    ("CYAN", "#1abc9c"),
    ("GREEN", "#1cdc9a"),
    ("YELLOW", "#c9ce3b"),
    ("PINK", "#fdbc4b"),
    ("ORANGE", "#f39c1f"),
    ("MAGENTA", "#f47750"),
    ("RED", "#da4453"),
)
"""Kdenlive's nine by default, in its order, each with the OTIO colour that gets it."""
_INDEX = {name: index for index, (name, _) in enumerate(CATEGORIES)}


def guide(position: int, comment: str, color: str) -> dict[str, object]:
    """One guide; `position` counts frames from the start of the timeline."""
    return {"comment": comment, "pos": position, "type": _INDEX.get(color, 0)}


def text_of(guides: Iterable[dict[str, object]]) -> str:
    """The guides as Kdenlive reads them from a file and from its projects."""
    return json.dumps(list(guides), indent=4, ensure_ascii=False)


def categories() -> str:
    """The categories as a project states them."""
    return json.dumps(
        [
            {"color": color, "comment": f"Category {index + 1}", "index": index}
            for index, (_, color) in enumerate(CATEGORIES)
        ],
        indent=4,
    )
