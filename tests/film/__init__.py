"""Test films made from a script: every cut, silhouette and camera path is known in advance.

`script` says what a film is and what is true of it, `draw` renders any frame of it, `encode` writes
it as a file, `truth` measures what is true, `score` marks an answer, `demo` is the one-minute film.
"""
