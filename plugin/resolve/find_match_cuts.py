"""Workspace > Scripts > Edit > Find match cuts: matches for the shot at the playhead.

DaVinci Resolve Studio runs this and gives it `resolve`, `fusion` and `bmd`. `install.py` has put it
there and filled in the first three lines; the others are yours to change.
"""

import sys

MODULES = ""  # Folder of the modules that this script imports.
LIBRARY = ""  # Folder of the matchcut library.
PROGRAM = ""  # The `matchcut` program that serves it.

FLAVOR = "frame"  # Or another of `matchcut flavors`, or a blend such as "frame,camera:0.5".
TOP = 10  # Candidates, at most.
APART = 2  # Seconds that two shots of one film must lie apart.
REFINE = True  # Look for the best frames to cut at; takes a moment for each candidate.

sys.path.insert(0, MODULES)
import matchcut_resolve  # noqa: E402  # It lies in MODULES.

wishes = matchcut_resolve.Wishes(LIBRARY, PROGRAM, FLAVOR, TOP, APART, REFINE)
matchcut_resolve.run(resolve, fusion, bmd, wishes)  # noqa: F821  # Resolve gives the first three.
