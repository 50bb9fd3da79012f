"""What a client asked for, read out of its message.

Refused here is only what cannot be read as a request; whether it makes sense is for the library to
say, in the same words as without a sidecar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from matchcut.engine import MIN_HANDLE
from matchcut.engine.thumbnails import SIDE
from matchcut.errors import UsageError
from matchcut.server.matches import JUDGEMENT_NAMES, unpack_candidate, unpack_match_set
from matchcut.types import (
    Candidate,
    CutList,
    Judgement,
    MatchSet,
    MediaQuery,
    PathMap,
    Query,
    TimelineQuery,
)
from matchcut_api.v1 import library_pb2, match_pb2, media_pb2, verdict_pb2
from matchcut_client.messages import fraction, text_path
from matchcut_client.wire_text import from_wire, to_wire

PAGE_BY_DEFAULT = 100
PAGE_AT_MOST = 1000

Item = TypeVar("Item")


def query_of(request: match_pb2.FindRequest) -> Query:
    """The shot that is asked about.

    Raises:
        UsageError: no query, or one whose paths are missing or not absolute.
    """
    kind = request.WhichOneof("query")
    if kind == "media":
        asked = request.media
        return MediaQuery(absolute(asked.media_path, "media_path"), from_wire(asked.at))
    if kind == "timeline":
        return _timeline(request.timeline)
    raise _malformed("query", "is missing")


def timeline_of(request: match_pb2.ExportRequest) -> TimelineQuery | None:
    """The timeline to put markers on, if there is one. Raises as `query_of`."""
    return _timeline(request.timeline) if request.HasField("timeline") else None


def _timeline(timeline: match_pb2.TimelineQuery) -> TimelineQuery:
    return TimelineQuery(
        timeline=from_wire(timeline.timeline_otio),
        base=absolute(timeline.base_path, "base_path"),
        name=from_wire(timeline.timeline_name),
        clip=from_wire(timeline.clip) if timeline.HasField("clip") else None,
        at=from_wire(timeline.at) if timeline.HasField("at") else None,
        maps=_maps(timeline.path_maps),
    )


def _maps(messages: Iterable[media_pb2.PathMap]) -> tuple[PathMap, ...]:
    return tuple(
        PathMap(from_wire(one.from_prefix), absolute(one.to_prefix, "path_maps.to_prefix"))
        for one in messages
    )


def found_of(request: match_pb2.ExportRequest) -> MatchSet:
    """What to make files of.

    Raises:
        UsageError: it is missing, or a candidate in it cannot be read.
    """
    if not request.HasField("matches"):
        raise _malformed("matches", "is missing")
    for place, message in enumerate(request.matches.candidates):
        _candidate(message, f"matches.candidates[{place}]")
    return unpack_match_set(request.matches)


def file_name_of(request: match_pb2.ExportRequest) -> str:
    """What files are called.

    Raises:
        UsageError: it is empty, or leads into a folder.
    """
    name = from_wire(request.name)
    if not name or set(name) & set("/\\:") or name.startswith("."):
        raise _malformed("name", "is not the name of a file")
    return name


def top_of(request: match_pb2.FindRequest | match_pb2.ScanRequest) -> int:
    """How many candidates are wanted; whether that many make sense is for the search to say."""
    if not request.HasField("top_count"):
        raise _malformed("top_count", "is missing")
    return request.top_count


def gap_of(request: match_pb2.FindRequest | match_pb2.ScanRequest) -> Fraction:
    """Seconds that two shots of one source must lie apart."""
    if not request.HasField("min_gap_seconds"):
        raise _malformed("min_gap_seconds", "is missing")
    return seconds(request.min_gap_seconds, "min_gap_seconds")


def handle_of(
    request: match_pb2.FindRequest
    | match_pb2.ScanRequest
    | match_pb2.RefineRequest
    | match_pb2.RefineOneRequest,
) -> int:
    """Frames that A must have been on screen and B must stay."""
    given = request.HasField("min_handle_frame_count")
    return request.min_handle_frame_count if given else MIN_HANDLE


def reframe_of(
    request: match_pb2.FindRequest
    | match_pb2.ScanRequest
    | match_pb2.RefineRequest
    | match_pb2.RefineOneRequest,
) -> bool:
    """Whether a picture may be moved for a better match."""
    return request.reframe if request.HasField("reframe") else True


def candidates_of(request: match_pb2.RefineRequest) -> tuple[Candidate, ...]:
    """What to refine; whether there are such shots and frames is for the library to say.

    Raises:
        UsageError: one without both of its sides, or with a field that cannot be read.
    """
    return tuple(
        _candidate(message, f"candidates[{place}]")
        for place, message in enumerate(request.candidates)
    )


def candidate_of(
    request: match_pb2.RefineOneRequest | verdict_pb2.RecordVerdictRequest,
) -> Candidate:
    """The one that is meant. Raises as `candidates_of`."""
    if not request.HasField("candidate"):
        raise _malformed("candidate", "is missing")
    return _candidate(request.candidate, "candidate")


def _candidate(message: match_pb2.Candidate, field: str) -> Candidate:
    for side in ("outgoing", "incoming"):
        if not message.HasField(side):
            raise _malformed(f"{field}.{side}", "is missing")
        absolute(getattr(message, side).source_path, f"{field}.{side}.source_path")
    try:
        return unpack_candidate(message)
    except ValueError as error:
        raise _malformed(field, f"is malformed: {error}") from error


def judgement_of(request: verdict_pb2.RecordVerdictRequest) -> Judgement:
    """What is said of a candidate.

    Raises:
        UsageError: nothing, or what this sidecar does not know.
    """
    if not request.judgement:
        raise _malformed("judgement", "is missing")
    if request.judgement not in JUDGEMENT_NAMES:
        raise _malformed("judgement", f"is {request.judgement}, which stands for nothing")
    return JUDGEMENT_NAMES[request.judgement]


def source_of(request: library_pb2.GetThumbnailRequest) -> str:
    """The digest of the source that a frame is wanted of."""
    if not request.source_digest:
        raise _malformed("source_digest", "is missing")
    return from_wire(request.source_digest)


def side_of(request: library_pb2.GetThumbnailRequest) -> int:
    """Pixels of the longer side, at most."""
    return request.max_side_pixels or SIDE


def seconds(message: media_pb2.Rational, field: str) -> Fraction:
    """An exact fraction of a field.

    Raises:
        UsageError: its denominator is not positive.
    """
    try:
        return fraction(message)
    except ValueError as error:
        raise _malformed(field, f"is malformed: {error}") from error


def paths_of(request: library_pb2.ImportMediaRequest) -> tuple[Path, ...]:
    """What to import."""
    return tuple(absolute(text, "paths") for text in request.paths)


def proxies_of(request: library_pb2.ImportMediaRequest) -> bool:
    """Whether small copies of the films are kept."""
    return request.proxies if request.HasField("proxies") else True


def cut_lists_of(request: library_pb2.ImportMediaRequest) -> tuple[CutList, ...]:
    """Where films cut."""
    return tuple(
        CutList(
            media=absolute(given.media_path, "cut_lists.media_path"),
            text=from_wire(given.text),
            base=absolute(given.base_path, "cut_lists.base_path"),
            name=from_wire(given.name),
            maps=_maps(given.path_maps),
        )
        for given in request.cut_lists
    )


def absolute(text: str, field: str) -> Path:
    """The absolute path of a field; a relative one would start from the sidecar's folder."""
    path = text_path(text)
    if not path.is_absolute():
        raise _malformed(field, f"is '{path}', which is not an absolute path")
    return path


def page(
    items: Sequence[Item], key: Callable[[Item], str], page_size: int, page_token: str
) -> tuple[Sequence[Item], str]:
    """A page of `items` and the token of the next one, empty on the last page.

    The token is the key of the page's last item, so a page goes on behind the one before whatever
    was added meanwhile.

    Args:
        items: The whole list as it is now.
        key: A text of each item that no other one has.
        page_size: As in the request; 0 means the default.
        page_token: As in the request; empty for the first page.

    Raises:
        UsageError: a negative size, or a token whose item is not in the list.
    """
    if page_size < 0:
        raise _malformed("page_size", "is negative")
    size = min(page_size or PAGE_BY_DEFAULT, PAGE_AT_MOST)
    first = 0
    if page_token:
        last = from_wire(page_token)
        first = next((place for place, item in enumerate(items, 1) if key(item) == last), -1)
        if first < 0:
            raise _malformed("page_token", "is not one that this list has given")
    chosen = items[first : first + size]
    more = first + size < len(items)
    return chosen, to_wire(key(chosen[-1])) if more else ""


def _malformed(field: str, why: str) -> UsageError:
    return UsageError(
        f"The request's {field} {why}.", "Correct the request and send it again.", field=field
    )
