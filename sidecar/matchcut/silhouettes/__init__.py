"""Who and what stands where in a picture, as masks of 64 x 36 cells.

`weight_free.WEIGHT_FREE` computes them everywhere; the modules of `pretrained` do it better, with
weights that someone has trained. All fill the same rows (`rows.ROW`) for the same moments, so that
whatever compares silhouettes need not know which made them.
"""
