"""The paper's network of middle size: two hidden layers of 100."""

from __future__ import annotations

from matchcut.learn.heads._network import Network

HEAD = Network("mlp", 100)
