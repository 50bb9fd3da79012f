"""Finds match cuts for the strip at hand, in Blender's Video Sequence Editor.

An extension for Blender 4.2 and later, and an add-on for 3.4. Importing this needs no Blender; what
does is loaded when it is registered.
"""

bl_info = {
    "name": "matchcut",
    "author": "The matchcut authors",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "Video Sequence Editor > Sidebar > matchcut",
    "description": "Finds match cuts: shots that share framing, movement, colour or sound",
    "category": "Sequencer",
}
"""What Blender before 4.2 reads; later ones read blender_manifest.toml."""


def register() -> None:
    """Called by Blender when the add-on is switched on."""
    from . import carried, registering

    carried.load()
    registering.register()


def unregister() -> None:
    """Called by Blender when it is switched off."""
    from . import registering

    registering.unregister()
