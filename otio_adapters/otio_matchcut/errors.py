"""The one error of this package: a sentence, the next step, and a machine's word for the reason.

Reasons:
    TIMELINE_MISSING      there is no such file
    TIMELINE_UNREADABLE   the file is not a whole OTIO timeline, or no EDL at this rate
    TIMELINE_NEWER        a track, stack or clip has a schema newer than OpenTimelineIO reads here
    TIMELINE_UNWRITABLE   the result cannot be written
    DISK_FULL             there is no room for the result
    QUERY_INVALID         the question itself is wrong
    CLIP_NOT_FOUND        no such video clip, or nothing to see at that time
    TIME_OUTSIDE          a time lies outside of the timeline or the media
    TIMECODE_INVALID      a text is not a timecode of this rate
    MEDIA_OFFLINE         the clip has lost its media
    HOST_UNKNOWN          no file is made for an application of that name
    MEDIA_NOT_A_FILE      the clip's media is a generator, an image sequence or a web address
"""

from __future__ import annotations

from collections.abc import Mapping


class TimelineError(Exception):
    """A timeline cannot be used as asked: one sentence, the next step, and the facts.

    `reason` is one of the words that the module lists; `facts` are what was known where the error
    was raised, as text.
    """

    def __init__(self, reason: str, sentence: str, next_step: str, **facts: object) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence
        self.next_step = next_step
        self.facts: Mapping[str, str] = {name: str(fact) for name, fact in facts.items()}

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()
