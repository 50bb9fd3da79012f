"""The paper's large network: two hidden layers of 500."""

from __future__ import annotations

from matchcut.learn.learners._network import Network

LEARNER = Network("mlp_large", 500)
