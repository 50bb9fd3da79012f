"""Pictures and files for hosts as messages, and back without loss; see `convert`."""

from __future__ import annotations

from matchcut.types import Exported, ExportedFile, Thumbnail, TimelineMark
from matchcut_api.v1 import library_pb2, match_pb2
from matchcut_client.wire_text import from_wire, to_wire


def pack_thumbnail(thumbnail: Thumbnail) -> library_pb2.Thumbnail:
    return library_pb2.Thumbnail(
        jpeg=thumbnail.jpeg, width_pixels=thumbnail.width, height_pixels=thumbnail.height
    )


def unpack_thumbnail(message: library_pb2.Thumbnail) -> Thumbnail:
    return Thumbnail(message.jpeg, message.width_pixels, message.height_pixels)


def pack_exported(exported: Exported) -> match_pb2.ExportedFiles:
    return match_pb2.ExportedFiles(
        files=[
            match_pb2.ExportedFile(
                name=to_wire(file.name),
                content=file.content,
                carrier=to_wire(file.carrier),
                label=to_wire(file.label),
                how=to_wire(file.how),
            )
            for file in exported.files
        ],
        notes=[to_wire(note) for note in exported.notes],
        marks=[
            match_pb2.TimelineMark(
                id=to_wire(mark.id),
                rank=mark.rank,
                record_frame=mark.frame,
                timecode=to_wire(mark.timecode),
                name=to_wire(mark.name),
                comment=to_wire(mark.comment),
                marker_color=to_wire(mark.color),
            )
            for mark in exported.marks
        ],
    )


def unpack_exported(message: match_pb2.ExportedFiles) -> Exported:
    return Exported(
        files=tuple(
            ExportedFile(
                from_wire(file.name),
                file.content,
                from_wire(file.carrier),
                from_wire(file.label),
                from_wire(file.how),
            )
            for file in message.files
        ),
        notes=tuple(from_wire(note) for note in message.notes),
        marks=tuple(
            TimelineMark(
                from_wire(mark.id),
                mark.rank,
                mark.record_frame,
                from_wire(mark.timecode),
                from_wire(mark.name),
                from_wire(mark.comment),
                from_wire(mark.marker_color),
            )
            for mark in message.marks
        ),
    )
