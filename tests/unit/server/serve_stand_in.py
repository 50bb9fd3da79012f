"""A program that is called as `matchcut serve` is, and serves a stand-in instead of a library.

With `MATCHCUT_STAND_IN` set to `ends` it ends at once, as a program does that cannot serve.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    if os.environ.get("MATCHCUT_STAND_IN") == "ends":
        sys.exit(7)
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

    from matchcut.errors import MatchcutError
    from matchcut.server.serve import serve
    from matchcut_client.handover import HandOver
    from tests.unit.server.stand_in import Gate, StandIn

    logging.basicConfig(level=logging.INFO)
    library = Path(sys.argv[sys.argv.index("--library") + 1])

    def ready(handover: HandOver) -> None:
        sys.stdout.write("ready\n")
        # A pipe is buffered: without this nobody would learn of it.
        sys.stdout.flush()

    try:
        serve(StandIn(work=Gate()), library, ready=ready)
    except MatchcutError as error:
        sys.exit(str(error))
