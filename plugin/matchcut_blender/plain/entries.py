"""What the plug-in writes into a project, and how it knows its own again.

Blender's timeline markers hold no values of ours and 63 bytes of name, so the name ends with the
match's id, and the whole match is in the scene under `matchcut`, as JSON. Strips hold their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from .matches import Match, Side

KEY = "matchcut"
"""The custom property of scenes and strips that is ours."""
FORMAT_VERSION = 2
"""Of an entry: the same as under `metadata["matchcut"]` of a timeline, see docs/otio.md."""
NAME_BYTES = 63
"""Blender cuts the name of a marker, a strip or a scene after so many."""

Entry = dict[str, Any]


def match_id(match: Match) -> str:
    """The same for the same pair of frames, flavor and files; rank and score are not in it.

    It is the id that timelines of ours hold, so that a match is known in each host.
    """
    sides = (match.outgoing, match.incoming)
    return digest(match.flavor, *(f"{one.path}|{one.shot}|{one.decoded_cut}" for one in sides))


def digest(*parts: str) -> str:
    """24 hex digits that tell one list of texts from another."""
    text = "\0".join(parts).encode(errors="surrogateescape")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def marker_name(match: Match) -> str:
    """Rank, score, flavor and the beginning of the id: `#1 0.873 frame 3f9a2c1b`."""
    return named(match.label, f" {match_id(match)[:8]}")


def named(text: str, ending: str = "") -> str:
    """`text` as far as Blender keeps names, with `ending` kept whole."""
    room = NAME_BYTES - len(ending.encode())
    return text.encode(errors="replace")[:room].decode(errors="ignore") + ending


def entry_of(match: Match, query: str) -> Entry:
    """All of a match as JSON values.

    Args:
        match: Which.
        query: Which strip was asked about.
    """
    entry: Entry = {
        "version": FORMAT_VERSION,
        "id": match_id(match),
        "rank": match.rank,
        "score": match.score,
        "at_cut": match.at_cut,
        "flavor": match.flavor,
        "exact": match.exact,
        "refined": match.refined,
        "outgoing": _side(match.outgoing),
        "incoming": _side(match.incoming),
        "query": query,
    }
    if match.reframing is not None:
        moved = asdict(match.reframing)
        side = "outgoing" if moved.pop("outgoing") else "incoming"
        entry["reframing"] = {"side": side, **moved}
    return entry


def written(entry: Mapping[str, Any]) -> str:
    """An entry as the text of a custom property."""
    return json.dumps(entry, ensure_ascii=True, sort_keys=True)


def read(text: object) -> Entry:
    """What a custom property says; empty where it is nobody's, or not as we write it."""
    if not isinstance(text, str):
        return {}
    try:
        entry = json.loads(text)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def _side(side: Side) -> Entry:
    before, after = side.handles
    return {
        "path": str(side.path),
        "name": side.path.name,
        "rate": str(side.rate),
        "source_frames": side.frames,
        "shot": side.shot,
        "clean_start_frame": side.start,
        "clean_end_frame": side.end,
        "cut_frame": side.cut,
        "handle_before": before,
        "handle_after": after,
        "timecode": side.timecode,
    }
