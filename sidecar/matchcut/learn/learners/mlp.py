"""The paper's network of middle size: two hidden layers of 100."""

from __future__ import annotations

from matchcut.learn.learners._network import Network

LEARNER = Network("mlp", 100)
