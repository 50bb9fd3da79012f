"""The paper's small network: two hidden layers of 50."""

from __future__ import annotations

from matchcut.learn.heads._network import Network

HEAD = Network("mlp_small", 50)
