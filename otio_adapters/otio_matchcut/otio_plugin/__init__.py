"""Our carriers as adapters of OpenTimelineIO, found through its entry-point group.

`otio.adapters.write_to_file(marked, "x.txt", adapter_name="matchcut_avid_markers")` writes what the
carrier `avid-markers` makes of a timeline that holds markers of ours; by its suffix,
`otioconvert -i marked.otio -o x.matchcut-avid-markers` does the same. Each takes the arguments
`name` and `drop_frame`. Nothing else of OpenTimelineIO's is taken over: no suffix of another
adapter, and the one hook, which adds the words of hosts, touches no marker but ours.
"""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio

from otio_matchcut.carriers import carriers

PREFIX = "matchcut_"
"""What an adapter's name begins with; the carrier's follows, `_` for `-`."""
_HERE = Path(__file__).parent


def plugin_manifest() -> otio.plugins.manifest.Manifest:
    """What OpenTimelineIO is told of us when it first looks for plug-ins."""
    manifest = otio.plugins.manifest.Manifest()
    manifest.adapters = [
        otio.adapters.Adapter(
            name=PREFIX + name.replace("-", "_"),
            filepath=str(_HERE / "adapter.py"),
            suffixes=[f"matchcut-{name}"],
        )
        for name in carriers()
    ]
    words = f"{PREFIX}words"
    manifest.hook_scripts = [otio.hooks.HookScript(name=words, filepath=str(_HERE / "words.py"))]
    manifest.hooks = {"pre_adapter_write": [words]}
    return manifest
