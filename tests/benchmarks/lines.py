"""How every benchmark says a result: one JSON object on one line."""

from __future__ import annotations

import json
import os
import platform
import sys


def say(name: str, value: float, unit: str, **depends_on: object) -> None:
    """Prints `name`, `value`, `unit`, the machine, and what else the value depends on."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    line = {"name": name, "value": round(value, 4), "unit": unit, "machine": machine, **depends_on}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
