"""Libraries of as many shots as one likes, of stated statistics, without a film.

from tests.synthetic import library
made = library(Path("archive.matchcut"), shots=20_000, sources=100)
Engine(made.folder).find(made.query(5), flavor="frame", top=20, min_gap=Fraction(0))
"""

from __future__ import annotations

from tests.synthetic.write import Synthetic, library

__all__ = ["Synthetic", "library"]
