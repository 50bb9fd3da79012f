"""The one error of the client, and the reasons that the client itself gives.

Python 3.8 reads this module, and the standard library is all it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

SIDECAR_MISSING = "SIDECAR_MISSING"
"""No sidecar answers for the library."""
SIDECAR_LOST = "SIDECAR_LOST"
"""The sidecar went away in the middle of a call."""
SIDECAR_REFUSED = "SIDECAR_REFUSED"
"""The sidecar answered in a way that this client does not understand."""
SIDECAR_NOT_STARTED = "SIDECAR_NOT_STARTED"
"""A sidecar was started and did not come up."""
VERSION_UNLIKE = "VERSION_UNLIKE"
"""Client and sidecar speak different major versions of the API."""
HANDOVER_UNSAFE = "HANDOVER_UNSAFE"
"""The hand-over file cannot be trusted: others can write it."""
HANDOVER_UNUSABLE = "HANDOVER_UNUSABLE"
"""The hand-over file or its folder cannot be read or written."""
REQUEST_INVALID = "REQUEST_INVALID"
"""What was asked cannot be put into a message."""


class ClientError(Exception):
    """A call to the sidecar did not succeed: one sentence and the next step.

    `reason` is the server's word (proto comments list them per call) or one of this module's.
    """

    def __init__(
        self,
        reason: str,
        sentence: str,
        next_step: str,
        facts: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(sentence)
        self.reason = reason
        """The machine's word for what went wrong, in UPPER_SNAKE."""
        self.sentence = sentence
        """What went wrong, for people."""
        self.next_step = next_step
        """What the user can do now."""
        self.facts: Mapping[str, str] = dict(facts)
        """What was known where it went wrong, by name."""

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()


def sidecar_missing(library: Path) -> ClientError:
    """The error for a library that no sidecar answers for."""
    return ClientError(
        SIDECAR_MISSING,
        f"No sidecar is running for the library {library}.",
        f"Start one with `matchcut serve --library '{library}'`.",
        {"library": str(library)},
    )
