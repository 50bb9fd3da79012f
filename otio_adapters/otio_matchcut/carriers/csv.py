"""The table of matches, for spreadsheet programs and for people."""

from __future__ import annotations

from otio_matchcut.delivery import Carrier, Delivery
from otio_matchcut.spreadsheet import text_of


def write(delivery: Delivery) -> bytes:
    """CSV in UTF-8; frames count by the clock, as timelines do."""
    return text_of(delivery.matches).encode()


CARRIER = Carrier(
    name="csv",
    suffix=".csv",
    label="a table of the matches",
    hosts={"any": "Open it in a spreadsheet program, or read it with a script."},
    carries="every match: files, shots, frames, timecodes, handles, scores, reframing",
    loses="nothing, but no application places clips by it",
    write=write,
)
