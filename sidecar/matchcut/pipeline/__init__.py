"""What to compute and in what order: one decode a film, one commit a source, groups at the end."""

from __future__ import annotations

from matchcut.pipeline.analysis import Analysis, analyse, find_shots
from matchcut.pipeline.cutting import shots_between
from matchcut.pipeline.given import GivenCuts, given_shots, timed_frames
from matchcut.pipeline.grouping import group_repeats
from matchcut.pipeline.indexing import index_files
from matchcut.pipeline.workers import ENGINES, HERE, OpenWorkers, Workers, here, workers_of

__all__ = [
    "ENGINES",
    "HERE",
    "Analysis",
    "GivenCuts",
    "OpenWorkers",
    "Workers",
    "analyse",
    "find_shots",
    "given_shots",
    "group_repeats",
    "here",
    "index_files",
    "shots_between",
    "timed_frames",
    "workers_of",
]
