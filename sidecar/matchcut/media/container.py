"""Opens media files, chooses their picture, and puts what libav reports into plain words.

Only containers that carry their own media are opened, and only from files: a playlist that names
other files or addresses is refused, so that reading a film never reaches the network.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import av

from matchcut.errors import MediaMissing, MediaUnreadable, NoMediaFound, NoPicture
from matchcut.media.state import is_folder

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

    from matchcut.types import Source

_FORMATS = (
    "aac,ac3,aiff,asf,av1,avi,caf,dv,flac,flv,gxf,h264,hevc,ivf,lxf,m4v,matroska,mov,mp3,mpeg,mpegts,"
    "mpegvideo,mxf,nut,obu,ogg,rm,vc1,w64,wav,wtv,yuv4mpegpipe"
)
_LFS_POINTER = b"version https://git-lfs.github.com/spec/"


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The container at `path`, closed when the block is left.

    Raises:
        MediaMissing: nothing is at the path.
        NoMediaFound: the path is a folder.
        MediaUnreadable: the file is empty, a placeholder, or no container of film or sound.
    """
    _refuse_what_is_no_film(path)
    try:
        # An absolute path, because libav reads `name:rest` as a protocol.
        container = av.open(
            str(path.absolute()),
            metadata_errors="ignore",
            container_options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
        )
    except av.FFmpegError as error:
        raise unreadable(path, error, "it is no film, or its beginning is damaged") from error
    with container:
        yield container


def unreadable(path: Path, error: av.FFmpegError, otherwise: str) -> MediaUnreadable:
    """What an error of libav means for the user; `otherwise` where it only calls data invalid."""
    if isinstance(error, PermissionError):
        why = "this user may not open it"
    elif isinstance(error, av.error.DecoderNotFoundError):
        why = "no decoder for its codec is installed"
    elif isinstance(error, (av.InvalidDataError, av.error.EOFError, av.error.ArgumentError)):
        why = otherwise
    else:
        why = f"{otherwise} ({error.strerror})"
    return MediaUnreadable(path, why)


def _refuse_what_is_no_film(path: Path) -> None:
    if is_folder(path):
        try:
            next(path.iterdir(), None)
        except PermissionError as error:
            raise MediaUnreadable(path, "this user may not open the folder") from error
        except OSError as error:
            why = f"the folder cannot be opened ({error.strerror})"
            raise MediaUnreadable(path, why) from error
        raise NoMediaFound([path])
    try:
        with path.open("rb") as file:
            head = file.read(len(_LFS_POINTER))
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise MediaMissing(path) from error  # ValueError: no path holds a NUL.
    except PermissionError as error:
        raise MediaUnreadable(path, "this user may not open it") from error
    except OSError as error:
        raise MediaUnreadable(path, f"reading it fails ({error.strerror})") from error
    if not head:
        raise MediaUnreadable(path, "it is empty (0 bytes)")
    if head == _LFS_POINTER:
        raise MediaUnreadable(
            path, "it is a Git LFS pointer, not the film; `git lfs pull` fetches the film itself"
        )


def video_streams(container: InputContainer) -> list[VideoStream]:
    """The streams of moving pictures: cover art and thumbnails are none."""
    still = (
        av.stream.Disposition.attached_pic
        | av.stream.Disposition.still_image
        | av.stream.Disposition.timed_thumbnails
    )
    return [stream for stream in container.streams.video if not stream.disposition & still]


def main_picture(path: Path, container: InputContainer) -> VideoStream:
    """The stream that editing applications show: the first marked as default, else the first.

    Raises:
        NoPicture: there is no stream of moving pictures.
        MediaUnreadable: no decoder for the stream's codec is installed.
    """
    streams = video_streams(container)
    if not streams:
        raise NoPicture(path)
    default = av.stream.Disposition.default
    stream = next((stream for stream in streams if stream.disposition & default), streams[0])
    # Typed as never None, but libav has no context for a codec it does not know.
    if getattr(stream, "codec_context", None) is None:
        raise MediaUnreadable(path, "no decoder for its codec is installed")
    return stream


def known_picture(path: Path, container: InputContainer, source: Source) -> VideoStream:
    """The video stream that was chosen when the source was probed, decoding on several threads.

    Raises:
        MediaUnreadable: the file has no such stream any more.
    """
    if source.stream_index < len(container.streams):
        stream = container.streams[source.stream_index]
        if isinstance(stream, av.VideoStream):
            stream.thread_type = "AUTO"
            return stream
    raise MediaUnreadable(path, "it no longer has the video stream that it had when indexed")
