"""What matchcut writes under `metadata["matchcut"]`, and how it knows its own again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from opentimelineio.core import SerializableObjectWithMetadata

from otio_matchcut.errors import TimelineError
from otio_matchcut.matches import Match, MatchPart, MatchReframing, MatchSide
from otio_matchcut.urls import path_of, target_of, text_of_name

KEY = "matchcut"
"""The metadata key that is ours."""
FORMAT_VERSION = 3
"""Of what is under the key. In version 1, `score` was that of the frames at the cut, and there
were neither handles nor reframings; up to 2 a side had neither `size` nor `digest`."""


def our_entry(thing: SerializableObjectWithMetadata) -> Mapping[str, Any] | None:
    """What we say under the key of a marker, clip or media, of any version; None of others."""
    entry = thing.metadata.get(KEY)
    return entry if isinstance(entry, Mapping) else None


def entry_of(match: Match, query: str | None) -> dict[str, object]:
    """All of a match as JSON values, for its marker.

    Rates are text (`24000/1001`), frames are whole numbers counted from 0 in the media file.

    Args:
        match: Which.
        query: Digest of the clip that was asked about; None where nothing was.
    """
    entry: dict[str, object] = {
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
    }
    if match.reframing is not None:
        entry["reframing"] = asdict(match.reframing)
    if match.parts:
        entry["parts"] = [asdict(part) for part in match.parts]
    if match.pairs_compared:
        entry["pairs_compared"] = match.pairs_compared
    if query is not None:
        entry["query"] = query
    return entry


def clip_entry(reframing: MatchReframing) -> dict[str, object]:
    """What the clip of the side that is reframed holds."""
    return {"version": FORMAT_VERSION, "reframing": asdict(reframing)}


def match_of(entry: Mapping[str, Any], color: str) -> Match:
    """The match that a marker of ours holds, of any version: what `entry_of` was given.

    What a version did not say yet has its default; a version 1 takes its shot's ends for the clean
    ones, and its score for that at the cut.

    Args:
        entry: From `our_entry`.
        color: The marker's.

    Raises:
        TimelineError: TIMELINE_UNREADABLE, the entry is not whole.
    """
    try:
        reframing, parts = entry.get("reframing"), entry.get("parts", ())
        return Match(
            rank=int(entry["rank"]),
            score=float(entry["score"]),
            flavor=str(entry["flavor"]),
            at_cut=float(entry.get("at_cut", entry["score"])),
            exact=bool(entry["exact"]),
            outgoing=_side_of(entry["outgoing"]),
            incoming=_side_of(entry["incoming"]),
            marker_color=color,
            pairs_compared=int(entry.get("pairs_compared", 0)),
            parts=tuple(MatchPart(**part) for part in parts),
            refined=bool(entry.get("refined", False)),
            reframing=None if reframing is None else MatchReframing(**reframing),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise TimelineError(
            "TIMELINE_UNREADABLE",
            "A marker of ours does not hold a whole match any more.",
            "Write the candidates again with `matchcut find` or `matchcut scan`.",
            why=str(error),
        ) from error


def match_id(match: Match) -> str:
    """The same for the same pair of frames, flavor and files; rank and score are not in it."""
    sides = (match.outgoing, match.incoming)
    parts = [f"{side.path}|{side.shot}|{side.cut_frame}" for side in sides]
    return digest(match.flavor, *parts)


def digest(*parts: str) -> str:
    """24 hex digits that tell one list of texts from another."""
    text = "\0".join(parts).encode(errors="surrogateescape")
    return hashlib.blake2b(text, digest_size=12).hexdigest()


def _side(side: MatchSide) -> dict[str, object]:
    return {
        "path": target_of(side.path),
        "name": text_of_name(side.name),
        "rate": str(side.rate),
        "start_timecode_frame": side.start_timecode_frame,
        "source_frames": side.source_frames,
        "shot": side.shot,
        "start_frame": side.start_frame,
        "end_frame": side.end_frame,
        "clean_start_frame": side.clean_start_frame,
        "clean_end_frame": side.clean_end_frame,
        "cut_frame": side.cut_frame,
        "handle_before": side.handle_before,
        "handle_after": side.handle_after,
        "timecode": side.timecode,
        "repeats": [text_of_name(repeat) for repeat in side.repeats],
        "size": None if side.size is None else list(side.size),
        "digest": side.digest,
    }


def _side_of(entry: Mapping[str, Any]) -> MatchSide:
    size = entry.get("size")
    return MatchSide(
        path=path_of(str(entry["path"]), Path()),
        name=str(entry["name"]),
        rate=Fraction(entry["rate"]),
        start_timecode_frame=int(entry["start_timecode_frame"]),
        source_frames=int(entry["source_frames"]),
        start_frame=int(entry["start_frame"]),
        end_frame=int(entry["end_frame"]),
        clean_start_frame=int(entry.get("clean_start_frame", entry["start_frame"])),
        clean_end_frame=int(entry.get("clean_end_frame", entry["end_frame"])),
        cut_frame=int(entry["cut_frame"]),
        timecode=str(entry["timecode"]),
        shot=int(entry["shot"]),
        repeats=tuple(str(repeat) for repeat in entry.get("repeats", ())),
        size=None if size is None else (int(size[0]), int(size[1])),
        digest=str(entry.get("digest", "")),
    )
