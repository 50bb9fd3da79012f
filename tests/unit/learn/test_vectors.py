"""Embeddings go in and out to the last bit, and a shot without one is named."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from matchcut.errors import (
    EmbeddingMissing,
    EmbeddingsMissing,
    EmbeddingsRefused,
    EncoderUnknown,
)
from matchcut.learn.vectors import (
    Encoded,
    TitleVectors,
    WritableFormat,
    encoders_in,
    formats,
    gathered,
    open_vectors,
)
from matchcut.learn.vectors.library import titled
from matchcut.library import Library

WRITABLE = {name: one for name, one in formats().items() if isinstance(one, WritableFormat)}
MADE = Encoded("efficientnet-b7", 5, "appearance-v1-0123456789ab")


def some(seed: int, count: int = 4) -> TitleVectors:
    random = np.random.default_rng(seed)
    shots = np.sort(random.choice(1000, count, replace=False)).astype(np.int64)
    # Of very different sizes, as single precision can hold them.
    rows = random.normal(size=(count, 5)) * 10.0 ** random.integers(-30, 30, size=(count, 5))
    return TitleVectors(shots, rows.astype(np.float32))


@pytest.mark.parametrize("name", WRITABLE)
def test_what_is_written_comes_back_to_the_last_bit(tmp_path: Path, name: str) -> None:
    titles = {"tt1": some(1), "a film - with dashes": some(2), "none": some(3, 0)}
    for title, of in titles.items():
        WRITABLE[name].write(tmp_path, MADE, title, of)
    (encoder,) = encoders_in(tmp_path)
    vectors = open_vectors(tmp_path, encoder)
    assert vectors.encoded.length == 5
    assert set(vectors.titles) == set(titles)
    for title, of in titles.items():
        np.testing.assert_array_equal(vectors.of_title(title).shots, of.shots)
        if len(of.shots):
            np.testing.assert_array_equal(vectors.of_title(title).rows, of.rows)


def test_arrays_keep_what_made_them_and_the_papers_form_its_name_alone(tmp_path: Path) -> None:
    for name, one in WRITABLE.items():
        one.write(tmp_path / name, MADE, "tt1", some(1))
    assert open_vectors(tmp_path / "arrays", "efficientnet-b7").encoded == MADE
    paper = open_vectors(tmp_path / "paper", "efficientnetb7").encoded
    assert paper == Encoded("efficientnetb7", 5, "efficientnetb7")


def test_vectors_come_in_the_order_of_the_shots_that_are_asked_for(tmp_path: Path) -> None:
    for title, seed in (("a", 1), ("b", 2)):
        WRITABLE["paper"].write(tmp_path, MADE, title, some(seed))
    wanted = [
        ("b", int(some(2).shots[3])),
        ("a", int(some(1).shots[0])),
        ("b", int(some(2).shots[0])),
    ]
    found = gathered(open_vectors(tmp_path, "efficientnetb7"), wanted)
    np.testing.assert_array_equal(found, [some(2).rows[3], some(1).rows[0], some(2).rows[0]])


@pytest.mark.parametrize(("title", "shot"), [("a", 5000), ("a", -1), ("nowhere", 1)])
def test_a_shot_without_a_vector_is_named(tmp_path: Path, title: str, shot: int) -> None:
    WRITABLE["arrays"].write(tmp_path, MADE, "a", some(1))
    with pytest.raises(EmbeddingMissing, match=f"of shot {shot} of '{title}'"):
        gathered(
            open_vectors(tmp_path, "efficientnet-b7"), [("a", int(some(1).shots[0])), (title, shot)]
        )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"0": [1, 2]', "no JSON, or cut short"),
        ("[[1, 2]]", "maps no shots"),
        ('{"0": [1, 2], "1": [1]}', "of one length"),
        ('{"zero": [1, 2]}', "a shot has no number"),
        ('{"0": [1, NaN]}', "finite"),
        ('{"0": 1}', "finite"),
    ],
)
def test_a_damaged_file_of_the_paper_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "clip-tt1.json").write_text(text)
    with pytest.raises(EmbeddingsRefused, match=why):
        open_vectors(tmp_path, "clip").of_title("tt1")


def test_titles_of_different_lengths_are_refused(tmp_path: Path) -> None:
    for title, row in (("tt1", [1, 2]), ("tt2", [1, 2, 3])):
        (tmp_path / f"clip-{title}.json").write_text(json.dumps({"0": row}))
    with pytest.raises(EmbeddingsRefused, match="3 numbers, those of other titles 2"):
        open_vectors(tmp_path, "clip").of_title("tt2")


def test_arrays_that_were_made_otherwise_are_refused(tmp_path: Path) -> None:
    WRITABLE["arrays"].write(tmp_path, MADE, "a", some(1))
    WRITABLE["arrays"].write(tmp_path, Encoded(MADE.encoder, 5, "another"), "b", some(2))
    with pytest.raises(EmbeddingsRefused, match="made otherwise"):
        open_vectors(tmp_path, MADE.encoder)


def test_an_array_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    file = WRITABLE["arrays"].write(tmp_path, MADE, "a", some(1))
    file.write_bytes(file.read_bytes()[:-8])
    with pytest.raises(EmbeddingsRefused, match="safetensors"):
        encoders_in(tmp_path)


def test_other_safetensors_files_are_passed_over(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"weight": np.zeros(3)}, tmp_path / "some-model.safetensors")
    with pytest.raises(EmbeddingsMissing):
        encoders_in(tmp_path)


def test_an_encoder_that_is_not_there_is_said_beside_those_that_are(tmp_path: Path) -> None:
    WRITABLE["paper"].write(tmp_path, MADE, "a", some(1))
    with pytest.raises(EncoderUnknown, match="It has: efficientnetb7"):
        open_vectors(tmp_path, "clip")


def test_a_folder_without_embeddings_is_said_to_have_none(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingsMissing):
        encoders_in(tmp_path / "nowhere")


def test_one_title_is_in_memory_at_a_time(tmp_path: Path) -> None:
    import tracemalloc

    count, length = 400, 512
    random = np.random.default_rng(0)
    for number in range(12):
        rows = random.normal(size=(count, length)).astype(np.float32)
        of = TitleVectors(np.arange(count, dtype=np.int64), rows)
        WRITABLE["paper"].write(tmp_path, Encoded("clip", length, "clip"), f"tt{number}", of)
    tracemalloc.start()
    found = gathered(open_vectors(tmp_path, "clip"), [(f"tt{one}", 7) for one in range(12)])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    text = (tmp_path / "clip-tt0.json").stat().st_size
    assert found.shape == (12, length)
    # A title as text, and as the numbers of Python that are read from it.
    assert peak < text + count * length * 40


def test_a_library_gives_the_vectors_of_its_films(footage_library: Path) -> None:
    vectors = open_vectors(footage_library, "appearance")
    library = Library.open(footage_library)
    films = titled(library)
    assert list(vectors.titles) == list(films)
    for title, stored in films.items():
        of = vectors.of_title(title)
        shots = library.shots(stored.source.digest, stored.detector)
        assert of.shots.tolist() == [shot.index for shot in shots]
        assert of.rows.shape == (len(shots), vectors.encoded.length)
