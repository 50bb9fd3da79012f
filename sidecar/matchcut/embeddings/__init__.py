"""What a shot looks like or does, as a vector: for finding repeats, and for learning.

`appearance` needs no weights; the modules of `pretrained` are frozen networks.
"""
