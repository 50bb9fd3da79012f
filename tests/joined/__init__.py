"""Films joined from single shots of real footage, whose every transition is known to the frame.

`films(half)` plans them; `JoinedFilm.render(folder)` writes one. The halves `tuning` and
`reported` share no source file: constants are chosen on the first, figures told of the second.
"""

from tests.joined.film import JoinedFilm, films
from tests.joined.script import HALVES, Half, Kind, Marked, Trouble

__all__ = ["HALVES", "Half", "JoinedFilm", "Kind", "Marked", "Trouble", "films"]
