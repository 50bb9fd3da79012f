"""Films in which subjects pass through a known pose at known frames of two shots.

- `script`: what a film is made of, and what is true of it. `stance`: where a subject is, and how a
  reframing moves it. `poses`: people between two poses. `draw`: any frame, and its true silhouette.
- `cutting` plans films of pairs to be cut at known frames, with or without a reframing.
  `directed` plans films of pairs whose movement goes on from one shot to the other.
- `film` writes them, once for each plan; `sheet` shows their planted frames; `score` marks answers.
"""
