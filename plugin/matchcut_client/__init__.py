"""The thin client that every host uses: finds or starts the sidecar of a library, and calls it.

    with connect(Path("/films/library")) as client:
        matches = client.find(media_query(Path("/films/a.mp4"), "10:00:03:12"), flavor="frame", ...)

Importing this package imports neither grpc nor protobuf; connecting does. It never imports
`matchcut`, so a host needs this package and `matchcut_api` alone.
"""

from __future__ import annotations

from matchcut_client.connecting import connect, start_sidecar
from matchcut_client.failing import ClientError
from matchcut_client.handover import HandOver

__all__ = ["ClientError", "HandOver", "connect", "start_sidecar"]
