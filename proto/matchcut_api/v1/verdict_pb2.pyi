import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from matchcut_api.v1 import match_pb2 as _match_pb2
from matchcut_api.v1 import media_pb2 as _media_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RecordVerdictRequest(_message.Message):
    __slots__ = ("candidate", "judgement", "why")
    CANDIDATE_FIELD_NUMBER: _ClassVar[int]
    JUDGEMENT_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    candidate: _match_pb2.Candidate
    judgement: _match_pb2.Judgement
    why: str
    def __init__(self, candidate: _Optional[_Union[_match_pb2.Candidate, _Mapping]] = ..., judgement: _Optional[_Union[_match_pb2.Judgement, str]] = ..., why: _Optional[str] = ...) -> None: ...

class ListVerdictsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "history")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    history: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., history: _Optional[bool] = ...) -> None: ...

class ListVerdictsResponse(_message.Message):
    __slots__ = ("verdicts", "next_page_token")
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    verdicts: _containers.RepeatedCompositeFieldContainer[Verdict]
    next_page_token: str
    def __init__(self, verdicts: _Optional[_Iterable[_Union[Verdict, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Verdict(_message.Message):
    __slots__ = ("id", "judgement", "outgoing", "incoming", "flavor", "score", "at_cut_score", "reframing", "scorer", "why", "record_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    JUDGEMENT_FIELD_NUMBER: _ClassVar[int]
    OUTGOING_FIELD_NUMBER: _ClassVar[int]
    INCOMING_FIELD_NUMBER: _ClassVar[int]
    FLAVOR_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    AT_CUT_SCORE_FIELD_NUMBER: _ClassVar[int]
    REFRAMING_FIELD_NUMBER: _ClassVar[int]
    SCORER_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    RECORD_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    judgement: _match_pb2.Judgement
    outgoing: JudgedShot
    incoming: JudgedShot
    flavor: str
    score: float
    at_cut_score: float
    reframing: _match_pb2.Reframing
    scorer: str
    why: str
    record_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., judgement: _Optional[_Union[_match_pb2.Judgement, str]] = ..., outgoing: _Optional[_Union[JudgedShot, _Mapping]] = ..., incoming: _Optional[_Union[JudgedShot, _Mapping]] = ..., flavor: _Optional[str] = ..., score: _Optional[float] = ..., at_cut_score: _Optional[float] = ..., reframing: _Optional[_Union[_match_pb2.Reframing, _Mapping]] = ..., scorer: _Optional[str] = ..., why: _Optional[str] = ..., record_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class JudgedShot(_message.Message):
    __slots__ = ("source_digest", "span", "cut_frame", "cut_time")
    SOURCE_DIGEST_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    CUT_FRAME_FIELD_NUMBER: _ClassVar[int]
    CUT_TIME_FIELD_NUMBER: _ClassVar[int]
    source_digest: str
    span: _media_pb2.Span
    cut_frame: int
    cut_time: _media_pb2.MediaTime
    def __init__(self, source_digest: _Optional[str] = ..., span: _Optional[_Union[_media_pb2.Span, _Mapping]] = ..., cut_frame: _Optional[int] = ..., cut_time: _Optional[_Union[_media_pb2.MediaTime, _Mapping]] = ...) -> None: ...
