"""The questions: what is asked of the sidecar, in which order, and what is told of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from .asking import Errand, Question, Stopped
from .matches import Match, Side, match_of
from .told import Failed, Flavor, Flavors, Found, Library, Noted, Picture, Query, Refined, Working

if TYPE_CHECKING:
    from matchcut_api.v1 import operation_pb2
    from matchcut_client.client import Client

MIN_GAP = Fraction(2)
"""Seconds that two shots of one source must lie apart, as on the command line."""
PICTURE_PIXELS = 256
"""Of a thumbnail's longer side: what Blender's previews hold."""


def flavors(library: Library) -> Question:
    """Which flavors there are."""

    def ask(errand: Errand) -> None:
        with _sidecar(errand, library):
            pass

    return ask


def matches(library: Library, query: Query) -> Question:
    """The matches for a shot: at once as they are found, then each with its best cut."""

    def ask(errand: Errand) -> None:
        with _sidecar(errand, library) as client:
            _find(errand, client, query)

    return ask


def index_then_matches(library: Library, query: Query) -> Question:
    """Analyses the film that was asked about, then asks again."""

    def ask(errand: Errand) -> None:
        with _sidecar(errand, library) as client:
            if _index(errand, client, query.media):
                _find(errand, client, query)

    return ask


@contextmanager
def _sidecar(errand: Errand, library: Library) -> Iterator[Client]:
    """The library's sidecar, started where none runs. Tells its flavors."""
    from matchcut_client import connect, start_sidecar

    errand.tell(Working("Looking for the library's sidecar, or starting one"))
    start_sidecar(library.folder, program=library.program)
    errand.go_on()
    with connect(library.folder) as client:
        with errand.letting_go(client.close):
            cards = client.list_flavors()
        errand.tell(Flavors(tuple(Flavor(one.name, one.label) for one in cards)))
        yield client


def _find(errand: Errand, client: Client, query: Query) -> None:
    from matchcut_client.messages import media_query

    errand.tell(Working(f"Looking for matches for {query.strip}"))
    with errand.letting_go(client.close):
        found = client.find(
            media_query(query.media, str(query.frame)),
            flavor=query.flavor,
            top=query.top,
            min_gap=MIN_GAP,
            min_handle=query.min_handle,
            reframe=query.reframe,
        )
        told = tuple(match_of(one) for one in found.candidates)
        errand.tell(Found(told, tuple(found.notes)))
        pictures = _Pictures(errand, client)
        for match in told:
            errand.go_on()
            pictures.show(match)
        refining = client.refine(
            found.candidates, min_handle=query.min_handle, reframe=query.reframe
        )
        with errand.letting_go(refining.close):
            for place, one in enumerate(refining):
                share = place / len(told)
                errand.tell(Working(f"Refining the cuts, {place + 1} of {len(told)}", share))
                refined = match_of(one.candidate)
                errand.tell(Refined(place, refined, one.note))
                pictures.show(refined)
        errand.go_on()


class _Pictures:
    """Tells a small picture of each cut frame once."""

    def __init__(self, errand: Errand, client: Client) -> None:
        self._errand = errand
        self._client = client
        self._shown: set[tuple[str, int]] = set()
        self._noted = False

    def show(self, match: Match) -> None:
        """Tells the pictures of both sides. One that cannot be had is noted once, and left out."""
        for side in (match.outgoing, match.incoming):
            if (side.digest, side.decoded_cut) not in self._shown:
                self._shown.add((side.digest, side.decoded_cut))
                self._show(side)

    def _show(self, side: Side) -> None:
        from matchcut_client import ClientError

        try:
            picture = self._client.thumbnail(side.digest, side.decoded_cut, max_side=PICTURE_PIXELS)
        except ClientError as error:
            self._errand.go_on()
            if not self._noted:
                self._noted = True
                self._errand.tell(Noted(f"Some pictures are missing: {error}"))
            return
        self._errand.tell(Picture(side.digest, side.decoded_cut, picture.jpeg))


def _index(errand: Errand, client: Client, media: Path) -> bool:
    """Analyses a film; False, and why is told, where that failed.

    Raises:
        Stopped: the user wished so, and the sidecar has stopped.
    """
    errand.tell(Working(f"Indexing {media.name}", 0.0))
    operation = client.import_media([media])
    operation = _watched(errand, client, operation, media)
    if errand.stopping:
        client.cancel(operation.name)
        for _ in client.watch(operation.name):
            errand.tell(Working(f"Stopping to index {media.name}"))
        raise Stopped
    outcome = operation.WhichOneof("outcome")
    if outcome == "failure":
        failure = operation.failure
        errand.tell(Failed(failure.reason, failure.sentence, failure.next_step))
        return False
    report = operation.index_report
    for refusal in report.refusals:
        errand.tell(Failed(refusal.reason, refusal.sentence, refusal.next_step))
        return False
    for note in report.notes:
        errand.tell(Noted(note))
    return True


def _watched(
    errand: Errand, client: Client, operation: operation_pb2.Operation, media: Path
) -> operation_pb2.Operation:
    """The operation once it has ended, or once the user wishes it to stop."""
    watching = client.watch(operation.name)
    with errand.letting_go(watching.close):
        for operation in watching:
            errand.tell(_progress(operation, media))
    return operation


def _progress(operation: operation_pb2.Operation, media: Path) -> Working:
    """What an operation says of itself, as a sentence."""
    progress = operation.progress
    if not operation.HasField("progress"):
        return Working(f"Indexing {media.name}: waiting for other work to end", 0.0)
    done, total = progress.done_count, progress.total_count
    sentence = f"Indexing {progress.item or media.name}: {progress.stage}"
    if not progress.HasField("total_count") or not total:
        return Working(f"{sentence}, {done} {progress.unit}")
    return Working(f"{sentence}, {done} of {total} {progress.unit}", done / total)
