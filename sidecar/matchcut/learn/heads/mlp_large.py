"""The paper's large network: two hidden layers of 500."""

from __future__ import annotations

from matchcut.learn.heads._network import Network

HEAD = Network("mlp_large", 500)
