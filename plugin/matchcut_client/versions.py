"""Which version of the API this client speaks, and with which sidecars it goes on.

Python 3.8 reads this module, and the standard library is all it needs.
"""

from __future__ import annotations

from matchcut_client.failing import VERSION_UNLIKE, ClientError

API_VERSION = "1.3"
"""`MAJOR.MINOR`. Majors must be equal."""


def check_version(told: str) -> None:
    """Goes on only with a sidecar whose API version has the major of this client's.

    Raises:
        ClientError: VERSION_UNLIKE. Facts: `client`, `sidecar`.
    """
    if told.partition(".")[0] == API_VERSION.partition(".")[0]:
        return
    raise ClientError(
        VERSION_UNLIKE,
        f"The sidecar speaks version {told} of the API, this client {API_VERSION}.",
        "Update the older of the two (the plug-in, or matchcut), and start the sidecar again.",
        {"client": API_VERSION, "sidecar": told},
    )
