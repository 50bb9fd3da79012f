"""The main subject of a moment as a silhouette, from motion and contrast, nothing downloaded.

Floors, each using only those before it: `motion`, `superpixels` and `saliency` (maps), `maps` (all
of them on one grid), `fuse` (maps to a probability), `refine` (probability to a mask), `moment` (a
window of frames to a mask with its confidence).

All maps are computed on the picture as it is shown, square pixels kept, and brought to one grid of
64 x 36 cells over the picture before they are fused.
"""
