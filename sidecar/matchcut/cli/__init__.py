"""The command line: one verb a step, people's text on stderr, `--json` for programs on stdout.

Exit codes: 0 ok, 1 failed, 2 usage, 3 nothing found, 130 interrupted.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line of this process."""
    from matchcut.cli.app import app

    sys.exit(app(prog_name="matchcut"))
