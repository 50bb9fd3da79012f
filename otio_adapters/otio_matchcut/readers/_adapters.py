"""OpenTimelineIO's adapters, run so that whatever they stumble over is said in a sentence."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import opentimelineio as otio
from opentimelineio.core import SerializableObject
from opentimelineio.schema import SerializableCollection, Timeline

from otio_matchcut.parsing import parse, unreadable
from otio_matchcut.readers import Wanted
from otio_matchcut.readers._choosing import the_one

_SAID = (otio.exceptions.OTIOError, ValueError)
_UNSAID = (
    AssertionError,
    AttributeError,
    ArithmeticError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    TypeError,
)
"""What adapters let through where a file is not what they expect."""


def through(
    adapter: str, path: Path, wanted: Wanted, *also: type[Exception], text: str | None = None
) -> Timeline:
    """The timeline that is meant of those that an adapter finds in a file.

    Args:
        adapter: Its name in OpenTimelineIO.
        path: The file.
        wanted: Which of several timelines.
        also: Further errors by which the adapter says that it cannot read the file.
        text: The file's text where the adapter is to be given that.

    Raises:
        TimelineError: TIMELINE_UNREADABLE or QUERY_INVALID.
    """
    found = result_of(adapter, path, *also, text=text)
    timelines = list(found) if isinstance(found, SerializableCollection) else [found]
    chosen = the_one([one for one in timelines if isinstance(one, Timeline)], wanted, path)
    # As it will be read once it is written: adapters leave values that JSON cannot tell apart.
    return parse(chosen.to_json_string(), str(path))


def result_of(
    adapter: str, path: Path, *also: type[Exception], text: str | None = None
) -> SerializableObject:
    """Whatever an adapter makes of a file. Arguments and errors as `through`."""
    asked = {
        "adapter_name": adapter,
        "media_linker_name": otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia,
    }
    try:
        with _quiet():
            if text is not None:
                return otio.adapters.read_from_string(text, **asked)
            return otio.adapters.read_from_file(str(path), **asked)
    except (*_SAID, *_UNSAID, *also) as error:
        raise unreadable(str(path), _in_words(error)) from error


def _in_words(error: Exception) -> str:
    words = " ".join(str(error).split()).rstrip(".")
    if not words or not isinstance(error, _SAID):
        return "a part of it is incomplete, or of a kind that is not known"
    return words[:1].lower() + words[1:]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps what adapters print, warn of and log for their own authors from the user."""
    root = logging.getLogger()
    silent = logging.NullHandler()
    root.addHandler(silent)  # else the first message would install a handler that stays
    root.addFilter(_drop)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        root.removeFilter(_drop)
        root.removeHandler(silent)


def _drop(record: logging.LogRecord) -> bool:
    return False
