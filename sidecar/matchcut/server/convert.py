"""The words of `matchcut.types` as messages, and back without loss.

`pack_*` makes a message, `unpack_*` reads one that a sidecar sent; those of matches are in
`matches`, those of what hosts are handed in `handing`. What a client sent is read by `requests`,
which answers with a sentence where a field is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from matchcut.types import (
    CutList,
    FlavorCard,
    IndexReport,
    MediaQuery,
    MediaTime,
    PathMap,
    Progress,
    Query,
    Refusal,
    Source,
    SourceCard,
    Span,
    TimelineQuery,
)
from matchcut_api.v1 import library_pb2, match_pb2, media_pb2, operation_pb2
from matchcut_client.messages import (
    cut_list,
    fraction,
    media_query,
    path_map,
    rational,
    text_path,
    timeline_query,
)
from matchcut_client.wire_text import from_wire, to_wire

_TRANSFERS: dict[Literal["sdr", "pq", "hlg"], media_pb2.Transfer] = {
    "sdr": media_pb2.TRANSFER_SDR,
    "pq": media_pb2.TRANSFER_PQ,
    "hlg": media_pb2.TRANSFER_HLG,
}
_TRANSFER_NAMES = {number: name for name, number in _TRANSFERS.items()}
_ROTATIONS: dict[int, Literal[0, 90, 180, 270]] = {0: 0, 90: 90, 180: 180, 270: 270}


def pack_time(time: MediaTime) -> media_pb2.MediaTime:
    return media_pb2.MediaTime(pts=time.pts, time_base_seconds=rational(time.time_base))


def unpack_time(message: media_pb2.MediaTime) -> MediaTime:
    return MediaTime(message.pts, fraction(message.time_base_seconds))


def pack_span(span: Span) -> media_pb2.Span:
    return media_pb2.Span(
        start_pts=span.start, end_pts=span.end, time_base_seconds=rational(span.time_base)
    )


def unpack_span(message: media_pb2.Span) -> Span:
    return Span(message.start_pts, message.end_pts, fraction(message.time_base_seconds))


def pack_source(source: Source) -> media_pb2.Source:
    timecode = source.start_timecode
    return media_pb2.Source(
        digest=to_wire(source.digest),
        width_pixels=source.width,
        height_pixels=source.height,
        rate_fps=rational(source.rate),
        time_base_seconds=rational(source.time_base),
        start_pts=source.start_pts,
        duration_pts=source.duration_pts,
        start_timecode=None if timecode is None else to_wire(timecode),
        rotation_degrees=source.rotation,
        pixel_aspect=rational(source.pixel_aspect),
        transfer=_TRANSFERS[source.transfer],
        codec=to_wire(source.codec),
        stream_index=source.stream_index,
        video_stream_count=source.video_streams,
        audio_stream_count=source.audio_streams,
    )


def unpack_source(message: media_pb2.Source) -> Source:
    """The source that a message tells of.

    Raises:
        ValueError: a rotation, a transfer function or a fraction that is none.
    """
    if message.rotation_degrees not in _ROTATIONS:
        raise ValueError(f"{message.rotation_degrees} is no rotation of a picture")
    if message.transfer not in _TRANSFER_NAMES:
        raise ValueError(f"{message.transfer} is no known transfer function")
    return Source(
        digest=from_wire(message.digest),
        width=message.width_pixels,
        height=message.height_pixels,
        rate=fraction(message.rate_fps),
        time_base=fraction(message.time_base_seconds),
        start_pts=message.start_pts,
        duration_pts=message.duration_pts if message.HasField("duration_pts") else None,
        start_timecode=(
            from_wire(message.start_timecode) if message.HasField("start_timecode") else None
        ),
        rotation=_ROTATIONS[message.rotation_degrees],
        pixel_aspect=fraction(message.pixel_aspect),
        transfer=_TRANSFER_NAMES[message.transfer],
        codec=from_wire(message.codec),
        stream_index=message.stream_index,
        video_streams=message.video_stream_count,
        audio_streams=message.audio_stream_count,
    )


def pack_source_card(card: SourceCard) -> library_pb2.SourceCard:
    return library_pb2.SourceCard(
        source=pack_source(card.source),
        paths=[to_wire(str(path)) for path in card.paths],
        frame_count=card.frames,
        shot_count=card.shots,
    )


def unpack_source_card(message: library_pb2.SourceCard) -> SourceCard:
    return SourceCard(
        source=unpack_source(message.source),
        paths=tuple(text_path(text) for text in message.paths),
        frames=message.frame_count,
        shots=message.shot_count,
    )


def pack_flavor_card(card: FlavorCard) -> match_pb2.FlavorCard:
    return match_pb2.FlavorCard(
        name=to_wire(card.name),
        label=to_wire(card.label),
        directed=card.directed,
        lowest_score=card.lowest,
        highest_score=card.highest,
        marker_color=to_wire(card.marker_color),
        source=to_wire(card.source),
        variants=map(to_wire, card.variants),
    )


def unpack_flavor_card(message: match_pb2.FlavorCard) -> FlavorCard:
    return FlavorCard(
        name=from_wire(message.name),
        label=from_wire(message.label),
        directed=message.directed,
        lowest=message.lowest_score,
        highest=message.highest_score,
        marker_color=from_wire(message.marker_color),
        source=from_wire(message.source),
        variants=tuple(map(from_wire, message.variants)),
    )


def pack_query(query: Query) -> match_pb2.MediaQuery | match_pb2.TimelineQuery:
    """The query as a message; relative paths are made absolute against this process's folder."""
    if isinstance(query, MediaQuery):
        return media_query(query.media, query.at)
    return pack_timeline_query(query)


def pack_timeline_query(query: TimelineQuery) -> match_pb2.TimelineQuery:
    return timeline_query(
        query.timeline,
        base=query.base,
        name=query.name,
        clip=query.clip,
        at=query.at,
        maps=_packed(query.maps),
    )


def _packed(maps: Iterable[PathMap]) -> list[media_pb2.PathMap]:
    return [path_map(one.old, one.new) for one in maps]


def pack_cut_list(given: CutList) -> library_pb2.CutList:
    """The list as a message; relative paths are made absolute against this process's folder."""
    return cut_list(
        given.media, given.text, base=given.base, name=given.name, maps=_packed(given.maps)
    )


def pack_progress(progress: Progress) -> operation_pb2.Progress:
    return operation_pb2.Progress(
        stage=to_wire(progress.stage),
        item=to_wire(progress.item),
        done_count=progress.done,
        total_count=progress.total,
        unit=to_wire(progress.unit),
    )


def unpack_progress(message: operation_pb2.Progress) -> Progress:
    return Progress(
        stage=from_wire(message.stage),
        item=from_wire(message.item),
        done=message.done_count,
        total=message.total_count if message.HasField("total_count") else None,
        unit=from_wire(message.unit),
    )


def pack_report(report: IndexReport) -> operation_pb2.IndexReport:
    return operation_pb2.IndexReport(
        added_paths=[to_wire(str(path)) for path in report.added],
        known_paths=[to_wire(str(path)) for path in report.known],
        refusals=[
            operation_pb2.Refusal(
                path=to_wire(str(refusal.path)),
                reason=to_wire(refusal.reason),
                sentence=to_wire(refusal.sentence),
                next_step=to_wire(refusal.next_step),
            )
            for refusal in report.refused
        ],
        shot_count=report.shots,
        group_count=report.groups,
        notes=[to_wire(note) for note in report.notes],
    )


def unpack_report(message: operation_pb2.IndexReport) -> IndexReport:
    return IndexReport(
        added=tuple(text_path(text) for text in message.added_paths),
        known=tuple(text_path(text) for text in message.known_paths),
        refused=tuple(
            Refusal(
                path=text_path(refusal.path),
                reason=from_wire(refusal.reason),
                sentence=from_wire(refusal.sentence),
                next_step=from_wire(refusal.next_step),
            )
            for refusal in message.refusals
        ),
        shots=message.shot_count,
        groups=message.group_count,
        notes=tuple(from_wire(note) for note in message.notes),
    )
