"""A small labelled set with embeddings, in which a match was planted."""

from __future__ import annotations

import pytest

from matchcut.learn import formats
from matchcut.learn.choosing import Divided, divided_pairs
from matchcut.learn.features import ShotFeatures, features_of
from tests.labelled import Planted, write_planted


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return write_planted(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="session")
def divided(planted: Planted) -> Divided:
    return divided_pairs(formats.read(planted.labels), planted.task)


@pytest.fixture(scope="session")
def features(planted: Planted, divided: Divided) -> ShotFeatures:
    return features_of(planted.embeddings, [planted.encoder], divided.shots)
