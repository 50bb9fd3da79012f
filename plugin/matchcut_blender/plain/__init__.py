"""What the plug-in decides without Blender: plain values in, plain values out.

Nothing here imports bpy, so all of it is tested without an editing application; what reads and
changes a project is one floor up, and does as it is told here.
"""
