"""Media files: what they are, their frames in order, and pictures that can be compared.

Everything that touches a container or a codec is in here. Frames leave this package normalised: the
active picture, turned upright, with square pixels, in SDR.
"""
