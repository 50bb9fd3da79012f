from matchcut_api.v1 import media_pb2 as _media_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Judgement(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JUDGEMENT_UNSPECIFIED: _ClassVar[Judgement]
    JUDGEMENT_KEEP: _ClassVar[Judgement]
    JUDGEMENT_REJECT: _ClassVar[Judgement]
    JUDGEMENT_CLEAR: _ClassVar[Judgement]

class CandidateSide(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CANDIDATE_SIDE_UNSPECIFIED: _ClassVar[CandidateSide]
    CANDIDATE_SIDE_OUTGOING: _ClassVar[CandidateSide]
    CANDIDATE_SIDE_INCOMING: _ClassVar[CandidateSide]
JUDGEMENT_UNSPECIFIED: Judgement
JUDGEMENT_KEEP: Judgement
JUDGEMENT_REJECT: Judgement
JUDGEMENT_CLEAR: Judgement
CANDIDATE_SIDE_UNSPECIFIED: CandidateSide
CANDIDATE_SIDE_OUTGOING: CandidateSide
CANDIDATE_SIDE_INCOMING: CandidateSide

class ListFlavorsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFlavorsResponse(_message.Message):
    __slots__ = ("flavors", "next_page_token")
    FLAVORS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    flavors: _containers.RepeatedCompositeFieldContainer[FlavorCard]
    next_page_token: str
    def __init__(self, flavors: _Optional[_Iterable[_Union[FlavorCard, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class FlavorCard(_message.Message):
    __slots__ = ("name", "label", "directed", "lowest_score", "highest_score", "marker_color", "source", "variants")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DIRECTED_FIELD_NUMBER: _ClassVar[int]
    LOWEST_SCORE_FIELD_NUMBER: _ClassVar[int]
    HIGHEST_SCORE_FIELD_NUMBER: _ClassVar[int]
    MARKER_COLOR_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    VARIANTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    label: str
    directed: bool
    lowest_score: float
    highest_score: float
    marker_color: str
    source: str
    variants: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., label: _Optional[str] = ..., directed: _Optional[bool] = ..., lowest_score: _Optional[float] = ..., highest_score: _Optional[float] = ..., marker_color: _Optional[str] = ..., source: _Optional[str] = ..., variants: _Optional[_Iterable[str]] = ...) -> None: ...

class MediaQuery(_message.Message):
    __slots__ = ("media_path", "at")
    MEDIA_PATH_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    media_path: str
    at: str
    def __init__(self, media_path: _Optional[str] = ..., at: _Optional[str] = ...) -> None: ...

class TimelineQuery(_message.Message):
    __slots__ = ("timeline_otio", "base_path", "timeline_name", "clip", "at", "path_maps")
    TIMELINE_OTIO_FIELD_NUMBER: _ClassVar[int]
    BASE_PATH_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_NAME_FIELD_NUMBER: _ClassVar[int]
    CLIP_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    PATH_MAPS_FIELD_NUMBER: _ClassVar[int]
    timeline_otio: str
    base_path: str
    timeline_name: str
    clip: str
    at: str
    path_maps: _containers.RepeatedCompositeFieldContainer[_media_pb2.PathMap]
    def __init__(self, timeline_otio: _Optional[str] = ..., base_path: _Optional[str] = ..., timeline_name: _Optional[str] = ..., clip: _Optional[str] = ..., at: _Optional[str] = ..., path_maps: _Optional[_Iterable[_Union[_media_pb2.PathMap, _Mapping]]] = ...) -> None: ...

class FindRequest(_message.Message):
    __slots__ = ("media", "timeline", "flavor", "top_count", "min_gap_seconds", "min_handle_frame_count", "reframe", "exact", "rejected", "scorer")
    MEDIA_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    FLAVOR_FIELD_NUMBER: _ClassVar[int]
    TOP_COUNT_FIELD_NUMBER: _ClassVar[int]
    MIN_GAP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MIN_HANDLE_FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFRAME_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    SCORER_FIELD_NUMBER: _ClassVar[int]
    media: MediaQuery
    timeline: TimelineQuery
    flavor: str
    top_count: int
    min_gap_seconds: _media_pb2.Rational
    min_handle_frame_count: int
    reframe: bool
    exact: bool
    rejected: bool
    scorer: str
    def __init__(self, media: _Optional[_Union[MediaQuery, _Mapping]] = ..., timeline: _Optional[_Union[TimelineQuery, _Mapping]] = ..., flavor: _Optional[str] = ..., top_count: _Optional[int] = ..., min_gap_seconds: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ..., min_handle_frame_count: _Optional[int] = ..., reframe: _Optional[bool] = ..., exact: _Optional[bool] = ..., rejected: _Optional[bool] = ..., scorer: _Optional[str] = ...) -> None: ...

class ScanRequest(_message.Message):
    __slots__ = ("flavor", "top_count", "per_shot_count", "across", "min_gap_seconds", "min_handle_frame_count", "reframe", "rejected", "scorer")
    FLAVOR_FIELD_NUMBER: _ClassVar[int]
    TOP_COUNT_FIELD_NUMBER: _ClassVar[int]
    PER_SHOT_COUNT_FIELD_NUMBER: _ClassVar[int]
    ACROSS_FIELD_NUMBER: _ClassVar[int]
    MIN_GAP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MIN_HANDLE_FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFRAME_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    SCORER_FIELD_NUMBER: _ClassVar[int]
    flavor: str
    top_count: int
    per_shot_count: int
    across: bool
    min_gap_seconds: _media_pb2.Rational
    min_handle_frame_count: int
    reframe: bool
    rejected: bool
    scorer: str
    def __init__(self, flavor: _Optional[str] = ..., top_count: _Optional[int] = ..., per_shot_count: _Optional[int] = ..., across: _Optional[bool] = ..., min_gap_seconds: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ..., min_handle_frame_count: _Optional[int] = ..., reframe: _Optional[bool] = ..., rejected: _Optional[bool] = ..., scorer: _Optional[str] = ...) -> None: ...

class RefineRequest(_message.Message):
    __slots__ = ("candidates", "min_handle_frame_count", "reframe")
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    MIN_HANDLE_FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFRAME_FIELD_NUMBER: _ClassVar[int]
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    min_handle_frame_count: int
    reframe: bool
    def __init__(self, candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., min_handle_frame_count: _Optional[int] = ..., reframe: _Optional[bool] = ...) -> None: ...

class RefineOneRequest(_message.Message):
    __slots__ = ("candidate", "min_handle_frame_count", "reframe")
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    MIN_HANDLE_FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFRAME_FIELD_NUMBER: _ClassVar[int]
    candidate: Candidate
    min_handle_frame_count: int
    reframe: bool
    def __init__(self, candidate: _Optional[_Union[Candidate, _Mapping]] = ..., min_handle_frame_count: _Optional[int] = ..., reframe: _Optional[bool] = ...) -> None: ...

class ExportRequest(_message.Message):
    __slots__ = ("matches", "host", "name", "timeline")
    MATCHES_FIELD_NUMBER: _ClassVar[int]
    HOST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    matches: MatchSet
    host: str
    name: str
    timeline: TimelineQuery
    def __init__(self, matches: _Optional[_Union[MatchSet, _Mapping]] = ..., host: _Optional[str] = ..., name: _Optional[str] = ..., timeline: _Optional[_Union[TimelineQuery, _Mapping]] = ...) -> None: ...

class ExportedFiles(_message.Message):
    __slots__ = ("files", "notes", "marks")
    FILES_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    MARKS_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[ExportedFile]
    notes: _containers.RepeatedScalarFieldContainer[str]
    marks: _containers.RepeatedCompositeFieldContainer[TimelineMark]
    def __init__(self, files: _Optional[_Iterable[_Union[ExportedFile, _Mapping]]] = ..., notes: _Optional[_Iterable[str]] = ..., marks: _Optional[_Iterable[_Union[TimelineMark, _Mapping]]] = ...) -> None: ...

class TimelineMark(_message.Message):
    __slots__ = ("id", "rank", "record_frame", "timecode", "name", "comment", "marker_color")
    ID_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    RECORD_FRAME_FIELD_NUMBER: _ClassVar[int]
    TIMECODE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    MARKER_COLOR_FIELD_NUMBER: _ClassVar[int]
    id: str
    rank: int
    record_frame: int
    timecode: str
    name: str
    comment: str
    marker_color: str
    def __init__(self, id: _Optional[str] = ..., rank: _Optional[int] = ..., record_frame: _Optional[int] = ..., timecode: _Optional[str] = ..., name: _Optional[str] = ..., comment: _Optional[str] = ..., marker_color: _Optional[str] = ...) -> None: ...

class ExportedFile(_message.Message):
    __slots__ = ("name", "content", "carrier", "label", "how")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    CARRIER_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    HOW_FIELD_NUMBER: _ClassVar[int]
    name: str
    content: bytes
    carrier: str
    label: str
    how: str
    def __init__(self, name: _Optional[str] = ..., content: _Optional[bytes] = ..., carrier: _Optional[str] = ..., label: _Optional[str] = ..., how: _Optional[str] = ...) -> None: ...

class MatchSet(_message.Message):
    __slots__ = ("candidates", "flavor", "compared_pair_count", "notes")
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    FLAVOR_FIELD_NUMBER: _ClassVar[int]
    COMPARED_PAIR_COUNT_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    flavor: str
    compared_pair_count: int
    notes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., flavor: _Optional[str] = ..., compared_pair_count: _Optional[int] = ..., notes: _Optional[_Iterable[str]] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("rank", "score", "flavor", "exact", "outgoing", "incoming", "parts", "at_cut_score", "refined", "reframing", "verdict", "scorer")
    RANK_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    FLAVOR_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    OUTGOING_FIELD_NUMBER: _ClassVar[int]
    INCOMING_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    AT_CUT_SCORE_FIELD_NUMBER: _ClassVar[int]
    REFINED_FIELD_NUMBER: _ClassVar[int]
    REFRAMING_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    SCORER_FIELD_NUMBER: _ClassVar[int]
    rank: int
    score: float
    flavor: str
    exact: bool
    outgoing: Side
    incoming: Side
    parts: _containers.RepeatedCompositeFieldContainer[PartScore]
    at_cut_score: float
    refined: bool
    reframing: Reframing
    verdict: Judgement
    scorer: str
    def __init__(self, rank: _Optional[int] = ..., score: _Optional[float] = ..., flavor: _Optional[str] = ..., exact: _Optional[bool] = ..., outgoing: _Optional[_Union[Side, _Mapping]] = ..., incoming: _Optional[_Union[Side, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[PartScore, _Mapping]]] = ..., at_cut_score: _Optional[float] = ..., refined: _Optional[bool] = ..., reframing: _Optional[_Union[Reframing, _Mapping]] = ..., verdict: _Optional[_Union[Judgement, str]] = ..., scorer: _Optional[str] = ...) -> None: ...

class RefinedCandidate(_message.Message):
    __slots__ = ("candidate", "note")
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    candidate: Candidate
    note: str
    def __init__(self, candidate: _Optional[_Union[Candidate, _Mapping]] = ..., note: _Optional[str] = ...) -> None: ...

class Reframing(_message.Message):
    __slots__ = ("side", "scale", "rotation_degrees", "right_widths", "down_widths", "flop", "before_score", "after_score")
    SIDE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    ROTATION_DEGREES_FIELD_NUMBER: _ClassVar[int]
    RIGHT_WIDTHS_FIELD_NUMBER: _ClassVar[int]
    DOWN_WIDTHS_FIELD_NUMBER: _ClassVar[int]
    FLOP_FIELD_NUMBER: _ClassVar[int]
    BEFORE_SCORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_SCORE_FIELD_NUMBER: _ClassVar[int]
    side: CandidateSide
    scale: float
    rotation_degrees: float
    right_widths: float
    down_widths: float
    flop: bool
    before_score: float
    after_score: float
    def __init__(self, side: _Optional[_Union[CandidateSide, str]] = ..., scale: _Optional[float] = ..., rotation_degrees: _Optional[float] = ..., right_widths: _Optional[float] = ..., down_widths: _Optional[float] = ..., flop: _Optional[bool] = ..., before_score: _Optional[float] = ..., after_score: _Optional[float] = ...) -> None: ...

class PartScore(_message.Message):
    __slots__ = ("flavor", "weight", "score", "rarity_decades")
    FLAVOR_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    RARITY_DECADES_FIELD_NUMBER: _ClassVar[int]
    flavor: str
    weight: float
    score: float
    rarity_decades: float
    def __init__(self, flavor: _Optional[str] = ..., weight: _Optional[float] = ..., score: _Optional[float] = ..., rarity_decades: _Optional[float] = ...) -> None: ...

class Side(_message.Message):
    __slots__ = ("source_path", "source_digest", "shot_index", "start_frame", "end_frame", "cut_frame", "cut_time", "timecode", "rate_fps", "start_timecode_frame", "source_frame_count", "repeats", "span", "source_span", "clean_start_frame", "clean_end_frame", "clean_span", "shown_width_pixels", "shown_height_pixels")
    SOURCE_PATH_FIELD_NUMBER: _ClassVar[int]
    SOURCE_DIGEST_FIELD_NUMBER: _ClassVar[int]
    SHOT_INDEX_FIELD_NUMBER: _ClassVar[int]
    START_FRAME_FIELD_NUMBER: _ClassVar[int]
    END_FRAME_FIELD_NUMBER: _ClassVar[int]
    CUT_FRAME_FIELD_NUMBER: _ClassVar[int]
    CUT_TIME_FIELD_NUMBER: _ClassVar[int]
    TIMECODE_FIELD_NUMBER: _ClassVar[int]
    RATE_FPS_FIELD_NUMBER: _ClassVar[int]
    START_TIMECODE_FRAME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    REPEATS_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_SPAN_FIELD_NUMBER: _ClassVar[int]
    CLEAN_START_FRAME_FIELD_NUMBER: _ClassVar[int]
    CLEAN_END_FRAME_FIELD_NUMBER: _ClassVar[int]
    CLEAN_SPAN_FIELD_NUMBER: _ClassVar[int]
    SHOWN_WIDTH_PIXELS_FIELD_NUMBER: _ClassVar[int]
    SHOWN_HEIGHT_PIXELS_FIELD_NUMBER: _ClassVar[int]
    source_path: str
    source_digest: str
    shot_index: int
    start_frame: int
    end_frame: int
    cut_frame: int
    cut_time: _media_pb2.MediaTime
    timecode: str
    rate_fps: _media_pb2.Rational
    start_timecode_frame: int
    source_frame_count: int
    repeats: _containers.RepeatedScalarFieldContainer[str]
    span: _media_pb2.Span
    source_span: _media_pb2.Span
    clean_start_frame: int
    clean_end_frame: int
    clean_span: _media_pb2.Span
    shown_width_pixels: int
    shown_height_pixels: int
    def __init__(self, source_path: _Optional[str] = ..., source_digest: _Optional[str] = ..., shot_index: _Optional[int] = ..., start_frame: _Optional[int] = ..., end_frame: _Optional[int] = ..., cut_frame: _Optional[int] = ..., cut_time: _Optional[_Union[_media_pb2.MediaTime, _Mapping]] = ..., timecode: _Optional[str] = ..., rate_fps: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ..., start_timecode_frame: _Optional[int] = ..., source_frame_count: _Optional[int] = ..., repeats: _Optional[_Iterable[str]] = ..., span: _Optional[_Union[_media_pb2.Span, _Mapping]] = ..., source_span: _Optional[_Union[_media_pb2.Span, _Mapping]] = ..., clean_start_frame: _Optional[int] = ..., clean_end_frame: _Optional[int] = ..., clean_span: _Optional[_Union[_media_pb2.Span, _Mapping]] = ..., shown_width_pixels: _Optional[int] = ..., shown_height_pixels: _Optional[int] = ...) -> None: ...
