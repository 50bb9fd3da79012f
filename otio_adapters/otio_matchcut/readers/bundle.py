"""OpenTimelineIO bundles: a timeline with its media, in a zip file or a folder.

Media in a folder is used where it lies. Media in a zip file is not unpacked: its path leads into
the bundle (`cut.otioz/media/a.mov`), is offline, and can be relinked.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import opentimelineio as otio
from opentimelineio.schema import ExternalReference, ImageSequenceReference, Timeline

from otio_matchcut.parsing import parse, unreadable
from otio_matchcut.readers import Reader, Wanted
from otio_matchcut.readers._files import text_in

_INSIDE = "content.otio"


def _sniff(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04")


def _read(path: Path, wanted: Wanted) -> Timeline:
    text = text_in(path / _INSIDE) if path.is_dir() else _zipped(path)
    timeline = parse(text, str(path))
    for clip in timeline.find_children(descended_from_type=otio.schema.Clip):
        for reference in clip.media_references().values():
            _start_inside(reference, path.absolute())
    return timeline


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as bundle:
            return bundle.read(_INSIDE).decode("utf-8-sig")
    except KeyError:
        raise unreadable(str(path), f"it is a zip file without {_INSIDE}") from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError) as error:
        raise unreadable(str(path), "it is a zipped bundle that is not whole") from error
    except UnicodeDecodeError:
        raise unreadable(str(path), f"{_INSIDE} in it is not text in UTF-8") from None


def _start_inside(reference: otio.core.MediaReference, bundle: Path) -> None:
    """Addresses of a bundle start from the bundle, which no reader of the timeline could know."""
    if isinstance(reference, ExternalReference) and _is_relative(reference.target_url):
        reference.target_url = str(bundle / reference.target_url)
    elif isinstance(reference, ImageSequenceReference) and _is_relative(reference.target_url_base):
        reference.target_url_base = f"{bundle / reference.target_url_base}/"


def _is_relative(address: str) -> bool:
    return bool(address) and not address.startswith("/") and ":" not in address


READER = Reader(
    name="OpenTimelineIO bundle",
    suffixes=(".otioz", ".otiod"),
    applications=("OpenTimelineIO's own tools", "RV", "Hiero"),
    line="As OpenTimelineIO. Media in an .otiod is used in place; media in an .otioz stays zipped.",
    sniff=_sniff,
    read=_read,
)
