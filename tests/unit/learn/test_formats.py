"""Labelled pairs are read from each form, and what is wrong with a file is said."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from matchcut.errors import LabelsMissing, LabelsRefused
from matchcut.learn import formats
from matchcut.learn.pairs import joined

ROWS = [
    {"title": "a", "shot1": 3, "shot2": 8, "match": True, "start1": 1.5, "end1": 2.5, "iou": 0.5},
    {"title": "a", "shot1": 3, "shot2": 9, "match": False, "iou": 0.25},
    {"title": "a", "title2": "b", "shot1": 3, "shot2": 8, "match": False},
    {"title": "a", "shot1": 3, "shot2": 8, "match": False, "task": "motion"},
]


def write_csv(path: Path, rows: list[dict[str, object]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    path.write_text("".join(",".join(line) + "\n" for line in lines))
    return path


def write_lines(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.parametrize("write", [write_csv, write_lines])
def test_a_table_and_lines_say_the_same(tmp_path: Path, write) -> None:
    ending = {"write_csv": "csv", "write_lines": "jsonl"}[write.__name__]
    found = formats.read(write(tmp_path / f"frame.{ending}", ROWS))
    assert set(found.tasks) == {"frame", "motion"}
    pairs = found.tasks["frame"]
    assert pairs.outgoing == (("a", 3),) * 3
    assert pairs.incoming == (("a", 8), ("a", 9), ("b", 8))
    assert pairs.match.tolist() == [True, False, False]
    np.testing.assert_array_equal(pairs.proposed["iou"], [0.5, 0.25, np.nan])
    assert found.seconds == {("a", 3): (1.5, 2.5)}
    assert frozenset().union(*found.splits.values()) == {"a", "b"}


def test_titles_are_divided_as_the_files_beside_a_table_say(tmp_path: Path) -> None:
    for split, title in (("train", "a"), ("validation", "b"), ("test", "c")):
        (tmp_path / f"{split}.txt").write_text(f"{title}\n")
    assert formats.read(write_csv(tmp_path / "frame.csv", ROWS)).splits["train"] == {"a"}


def test_a_title_in_two_splits_is_refused(tmp_path: Path) -> None:
    for split in ("train", "validation", "test"):
        (tmp_path / f"{split}.txt").write_text("a\n")
    with pytest.raises(LabelsRefused, match="a is both in train and in validation"):
        formats.read(write_csv(tmp_path / "frame.csv", ROWS))


def test_a_split_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("a\n")
    with pytest.raises(LabelsRefused, match=r"validation\.txt, test\.txt is missing"):
        formats.read(write_csv(tmp_path / "frame.csv", ROWS))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"title": "a", "shot1": 1, "shot2": 2}, "line 2 has no match"),
        ({"title": "a", "shot1": "x", "shot2": 2, "match": 1}, "line 2 is wrong: invalid literal"),
        ({"title": "a", "shot1": 1, "shot2": 2, "match": "perhaps"}, "neither true nor false"),
        ({"title": "a", "shot1": 1, "shot2": 2, "match": 1, "iou": "inf"}, "no finite number"),
    ],
)
def test_a_row_that_is_wrong_is_named_by_its_line(tmp_path: Path, row, why: str) -> None:
    with pytest.raises(LabelsRefused, match=why):
        formats.read(write_csv(tmp_path / "frame.csv", [row]))


def test_a_pair_that_is_judged_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelsRefused, match="is in it twice"):
        formats.read(write_lines(tmp_path / "frame.jsonl", [ROWS[0], ROWS[0]]))


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("labels.jsonl", "{", r"line 1 is no JSON"),
        ("labels.jsonl", "[]", "line 1 is no object"),
        ("labels.csv", "title,shot1,shot2,match\na,1\n", "line 2 has not a value a column"),
        ("labels.csv", "", "there is no pair in it"),
        ("labels.txt", "a 1 2", "it is none of these"),
    ],
)
def test_a_file_that_is_no_labelled_set_is_refused(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(LabelsRefused, match=why):
        formats.read(tmp_path / name)


def test_a_set_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(LabelsMissing):
        formats.read(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is no JSON"),
        ("{}", "it is no list of pairs"),
        ('[{"majority_label": true}]', "pair 0 lacks 'imdb_id'"),
        (
            '[{"imdb_id": "a", "clip1_index": 1, "clip2_index": 2, "majority_label": 1}]',
            "neither true nor false",
        ),
    ],
)
def test_a_damaged_set_of_the_paper_is_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "dataset-frame.json").write_text(text)
    with pytest.raises(LabelsRefused, match=why):
        formats.read(tmp_path)


def test_pairs_that_nobody_judged_are_no_task(tmp_path: Path) -> None:
    (tmp_path / "dataset-random.json").write_text(
        '[{"imdb_id": "a", "clip1_index": 1, "clip2_index": 2}]'
    )
    with pytest.raises(LabelsRefused, match="majority_label"):
        formats.read(tmp_path)


def test_joined_pairs_keep_what_proposed_them(tmp_path: Path) -> None:
    found = formats.read(write_lines(tmp_path / "frame.jsonl", ROWS))
    both = joined([found.tasks["frame"], found.tasks["motion"]])
    assert len(both) == 4
    assert np.isnan(both.proposed["iou"]).tolist() == [False, False, True, True]
