import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from matchcut_api.v1 import media_pb2 as _media_pb2
from matchcut_api.v1 import operation_pb2 as _operation_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ImportMediaRequest(_message.Message):
    __slots__ = ("request_id", "paths", "detector", "cut_lists", "profile", "proxies")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PATHS_FIELD_NUMBER: _ClassVar[int]
    DETECTOR_FIELD_NUMBER: _ClassVar[int]
    CUT_LISTS_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    PROXIES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    paths: _containers.RepeatedScalarFieldContainer[str]
    detector: str
    cut_lists: _containers.RepeatedCompositeFieldContainer[CutList]
    profile: str
    proxies: bool
    def __init__(self, request_id: _Optional[str] = ..., paths: _Optional[_Iterable[str]] = ..., detector: _Optional[str] = ..., cut_lists: _Optional[_Iterable[_Union[CutList, _Mapping]]] = ..., profile: _Optional[str] = ..., proxies: _Optional[bool] = ...) -> None: ...

class CutList(_message.Message):
    __slots__ = ("media_path", "text", "base_path", "name", "path_maps")
    MEDIA_PATH_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    BASE_PATH_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PATH_MAPS_FIELD_NUMBER: _ClassVar[int]
    media_path: str
    text: str
    base_path: str
    name: str
    path_maps: _containers.RepeatedCompositeFieldContainer[_media_pb2.PathMap]
    def __init__(self, media_path: _Optional[str] = ..., text: _Optional[str] = ..., base_path: _Optional[str] = ..., name: _Optional[str] = ..., path_maps: _Optional[_Iterable[_Union[_media_pb2.PathMap, _Mapping]]] = ...) -> None: ...

class ListSourcesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSourcesResponse(_message.Message):
    __slots__ = ("sources", "next_page_token")
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    sources: _containers.RepeatedCompositeFieldContainer[SourceCard]
    next_page_token: str
    def __init__(self, sources: _Optional[_Iterable[_Union[SourceCard, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SourceCard(_message.Message):
    __slots__ = ("source", "paths", "frame_count", "shot_count")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PATHS_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    SHOT_COUNT_FIELD_NUMBER: _ClassVar[int]
    source: _media_pb2.Source
    paths: _containers.RepeatedScalarFieldContainer[str]
    frame_count: int
    shot_count: int
    def __init__(self, source: _Optional[_Union[_media_pb2.Source, _Mapping]] = ..., paths: _Optional[_Iterable[str]] = ..., frame_count: _Optional[int] = ..., shot_count: _Optional[int] = ...) -> None: ...

class GetThumbnailRequest(_message.Message):
    __slots__ = ("source_digest", "frame_index", "max_side_pixels")
    SOURCE_DIGEST_FIELD_NUMBER: _ClassVar[int]
    FRAME_INDEX_FIELD_NUMBER: _ClassVar[int]
    MAX_SIDE_PIXELS_FIELD_NUMBER: _ClassVar[int]
    source_digest: str
    frame_index: int
    max_side_pixels: int
    def __init__(self, source_digest: _Optional[str] = ..., frame_index: _Optional[int] = ..., max_side_pixels: _Optional[int] = ...) -> None: ...

class Thumbnail(_message.Message):
    __slots__ = ("jpeg", "width_pixels", "height_pixels")
    JPEG_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PIXELS_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PIXELS_FIELD_NUMBER: _ClassVar[int]
    jpeg: bytes
    width_pixels: int
    height_pixels: int
    def __init__(self, jpeg: _Optional[bytes] = ..., width_pixels: _Optional[int] = ..., height_pixels: _Optional[int] = ...) -> None: ...

class GetServerInfoRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ServerInfo(_message.Message):
    __slots__ = ("version", "api_version", "library_path", "pid", "start_time")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    API_VERSION_FIELD_NUMBER: _ClassVar[int]
    LIBRARY_PATH_FIELD_NUMBER: _ClassVar[int]
    PID_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    version: str
    api_version: str
    library_path: str
    pid: int
    start_time: _timestamp_pb2.Timestamp
    def __init__(self, version: _Optional[str] = ..., api_version: _Optional[str] = ..., library_path: _Optional[str] = ..., pid: _Optional[int] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
