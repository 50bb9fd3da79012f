"""The thin client that every host uses: finds or starts the sidecar of a library, and calls it.

    with connect(Path("/films/library")) as client:
        matches = client.find(media_query(Path("/films/a.mp4"), "10:00:03:12"), flavor="frame", ...)

Importing this package imports neither grpc nor protobuf. `connect` needs both, `connect_http`
protobuf, `connect_plain` the standard library alone, of Python 3.8 or later, and of this package
only the modules that say so, this one among them. Nothing here imports `matchcut`: a host needs
this package and, for messages, `matchcut_api`.
"""

from __future__ import annotations

from matchcut_client.connecting import connect, connect_http, connect_plain, start_sidecar
from matchcut_client.failing import ClientError
from matchcut_client.handover import HandOver

__all__ = [
    "ClientError",
    "HandOver",
    "connect",
    "connect_http",
    "connect_plain",
    "start_sidecar",
]
