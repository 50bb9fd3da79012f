"""The packages that the add-on for Blender before 4.2 carries in a folder beside this file.

An extension carries wheels instead, which Blender itself installs; it has no such folder.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / "carried"
PYTHON = (3, 11)
"""Which one the compiled packages in it are for."""
_LOADED = (
    "typing_extensions",
    "google.protobuf.timestamp_pb2",
    "google.rpc.error_details_pb2",
    "google.rpc.status_pb2",
    "grpc",
    "grpc_health.v1.health_pb2",
    "matchcut_client.client",
    "matchcut_client.grpc_transport",
    "matchcut_client.connecting",
)
"""What the plug-in will want of it."""


def load() -> None:
    """Imports what is carried, and leaves the search path as it was.

    So other add-ons find their own packages as before, and ours are found first only by us. A
    package that another add-on has loaded already is used as it is.

    Raises:
        ImportError: they are for another Python.
    """
    if not FOLDER.is_dir():
        return
    if sys.version_info[:2] != PYTHON:
        wanted, here = (".".join(map(str, one)) for one in (PYTHON, sys.version_info[:2]))
        raise ImportError(
            f"This add-on is for a Blender with Python {wanted}, and this one has {here}. "
            "Blender 4.2 and later take matchcut's extension instead."
        )
    sys.path.insert(0, str(FOLDER))
    try:
        for name in _LOADED:
            importlib.import_module(name)
    finally:
        sys.path.remove(str(FOLDER))
