from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Transfer(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRANSFER_UNSPECIFIED: _ClassVar[Transfer]
    TRANSFER_SDR: _ClassVar[Transfer]
    TRANSFER_PQ: _ClassVar[Transfer]
    TRANSFER_HLG: _ClassVar[Transfer]
TRANSFER_UNSPECIFIED: Transfer
TRANSFER_SDR: Transfer
TRANSFER_PQ: Transfer
TRANSFER_HLG: Transfer

class Rational(_message.Message):
    __slots__ = ("numerator", "denominator")
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    numerator: int
    denominator: int
    def __init__(self, numerator: _Optional[int] = ..., denominator: _Optional[int] = ...) -> None: ...

class MediaTime(_message.Message):
    __slots__ = ("pts", "time_base_seconds")
    PTS_FIELD_NUMBER: _ClassVar[int]
    TIME_BASE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    pts: int
    time_base_seconds: Rational
    def __init__(self, pts: _Optional[int] = ..., time_base_seconds: _Optional[_Union[Rational, _Mapping]] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("start_pts", "end_pts", "time_base_seconds")
    START_PTS_FIELD_NUMBER: _ClassVar[int]
    END_PTS_FIELD_NUMBER: _ClassVar[int]
    TIME_BASE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    start_pts: int
    end_pts: int
    time_base_seconds: Rational
    def __init__(self, start_pts: _Optional[int] = ..., end_pts: _Optional[int] = ..., time_base_seconds: _Optional[_Union[Rational, _Mapping]] = ...) -> None: ...

class Source(_message.Message):
    __slots__ = ("digest", "width_pixels", "height_pixels", "rate_fps", "time_base_seconds", "start_pts", "duration_pts", "start_timecode", "rotation_degrees", "pixel_aspect", "transfer", "codec", "stream_index", "video_stream_count", "audio_stream_count")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PIXELS_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PIXELS_FIELD_NUMBER: _ClassVar[int]
    RATE_FPS_FIELD_NUMBER: _ClassVar[int]
    TIME_BASE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    START_PTS_FIELD_NUMBER: _ClassVar[int]
    DURATION_PTS_FIELD_NUMBER: _ClassVar[int]
    START_TIMECODE_FIELD_NUMBER: _ClassVar[int]
    ROTATION_DEGREES_FIELD_NUMBER: _ClassVar[int]
    PIXEL_ASPECT_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    CODEC_FIELD_NUMBER: _ClassVar[int]
    STREAM_INDEX_FIELD_NUMBER: _ClassVar[int]
    VIDEO_STREAM_COUNT_FIELD_NUMBER: _ClassVar[int]
    AUDIO_STREAM_COUNT_FIELD_NUMBER: _ClassVar[int]
    digest: str
    width_pixels: int
    height_pixels: int
    rate_fps: Rational
    time_base_seconds: Rational
    start_pts: int
    duration_pts: int
    start_timecode: str
    rotation_degrees: int
    pixel_aspect: Rational
    transfer: Transfer
    codec: str
    stream_index: int
    video_stream_count: int
    audio_stream_count: int
    def __init__(self, digest: _Optional[str] = ..., width_pixels: _Optional[int] = ..., height_pixels: _Optional[int] = ..., rate_fps: _Optional[_Union[Rational, _Mapping]] = ..., time_base_seconds: _Optional[_Union[Rational, _Mapping]] = ..., start_pts: _Optional[int] = ..., duration_pts: _Optional[int] = ..., start_timecode: _Optional[str] = ..., rotation_degrees: _Optional[int] = ..., pixel_aspect: _Optional[_Union[Rational, _Mapping]] = ..., transfer: _Optional[_Union[Transfer, str]] = ..., codec: _Optional[str] = ..., stream_index: _Optional[int] = ..., video_stream_count: _Optional[int] = ..., audio_stream_count: _Optional[int] = ...) -> None: ...

class PathMap(_message.Message):
    __slots__ = ("from_prefix", "to_prefix")
    FROM_PREFIX_FIELD_NUMBER: _ClassVar[int]
    TO_PREFIX_FIELD_NUMBER: _ClassVar[int]
    from_prefix: str
    to_prefix: str
    def __init__(self, from_prefix: _Optional[str] = ..., to_prefix: _Optional[str] = ...) -> None: ...
