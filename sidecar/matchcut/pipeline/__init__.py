"""What to compute and in what order: one decode a film, one commit a source, groups at the end."""

from __future__ import annotations

from matchcut.pipeline.analysis import Analysis, analyse, find_shots
from matchcut.pipeline.grouping import group_repeats
from matchcut.pipeline.indexing import index_files

__all__ = ["Analysis", "analyse", "find_shots", "group_repeats", "index_files"]
