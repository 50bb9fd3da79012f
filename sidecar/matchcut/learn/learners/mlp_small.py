"""The paper's small network: two hidden layers of 50."""

from __future__ import annotations

from matchcut.learn.learners._network import Network

LEARNER = Network("mlp_small", 50)
