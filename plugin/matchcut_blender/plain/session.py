"""What the panel shows: the last question, what came of it so far, and how it stands.

Lives as long as the application and is in no file: a project holds only what its editor added.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .matches import Match
from .told import (
    Ended,
    Failed,
    Flavor,
    Flavors,
    Found,
    Noted,
    Picture,
    Query,
    Refined,
    Told,
    Working,
)

INDEXING_MENDS = ("SOURCE_NOT_INDEXED", "MEDIA_CHANGED")
"""Reasons that a button of ours mends."""

PictureKey = tuple[str, int]
"""Digest of a file, and a decoded frame of it."""


@dataclass(slots=True)
class Session:
    """Changed by `ask`, by `say` and by what is heard, on the main thread alone."""

    flavors: tuple[Flavor, ...] = ()
    """Empty until a sidecar has told them."""
    query: Query | None = None
    """The last one."""
    matches: list[Match] = field(default_factory=list)
    """Best first."""
    refined: int = 0
    """How many of them have been refined."""
    chosen: int = 0
    """Place of the match that is inserted."""
    pictures: dict[PictureKey, bytes] = field(default_factory=dict)
    """JPEG files of the cut frames."""
    working: Working | None = None
    """What is being done; None while nothing is asked."""
    sentence: str = ""
    """How it stands, for people."""
    failed: str = ""
    """Reason of the failure that `sentence` tells of; empty where it tells of none."""
    notes: list[str] = field(default_factory=list)
    """Further sentences that the user should read."""

    @property
    def to_index(self) -> bool:
        """Whether the film that was asked about must be indexed first."""
        return self.failed in INDEXING_MENDS and self.query is not None and self.working is None

    @property
    def match(self) -> Match | None:
        """The chosen match."""
        return self.matches[self.chosen] if self.chosen < len(self.matches) else None

    def ask(self, query: Query | None) -> None:
        """Makes room for the answer to a question; None for one about flavors alone."""
        if query is not None:
            self.query = query
            self.matches, self.refined, self.chosen = [], 0, 0
            self.pictures = {}
        self.notes = []
        self.say("")
        self.working = Working("Asking")

    def say(self, sentence: str, *, failed: str = "") -> None:
        """Puts a sentence under the buttons."""
        self.sentence, self.failed = sentence, failed

    def hear(self, told: Told) -> None:
        """Takes in what the asking thread told."""
        match told:
            case Working():
                self.working = told
            case Flavors():
                self.flavors = told.flavors
            case Found():
                self.matches = list(told.matches)
                self.notes.extend(told.notes)
                self.say(_found(self.matches, self.query))
            case Refined():
                self.matches[told.place] = told.match
                self.refined += 1
                if told.note:
                    self.notes.append(f"#{told.match.rank}: {told.note}")
            case Picture():
                self.pictures[told.digest, told.frame] = told.jpeg
            case Noted():
                self.notes.append(told.sentence)
            case Failed():
                mends = told.reason in INDEXING_MENDS
                next_step = "Index it below." if mends else told.next_step
                self.say(f"{told.sentence} {next_step}".strip(), failed=told.reason)
            case Ended():
                self.working = None
                if told.stopped:
                    self.say(_stopped(self.matches, self.refined))


def _found(matches: list[Match], query: Query | None) -> str:
    strip = "the strip" if query is None else query.strip
    if not matches:
        return f"Nothing in the library matches {strip}."
    return f"{len(matches)} match{'es' * (len(matches) > 1)} for {strip}."


def _stopped(matches: list[Match], refined: int) -> str:
    if not matches:
        return "Stopped."
    return f"Stopped: {refined} of {len(matches)} cuts are refined."
