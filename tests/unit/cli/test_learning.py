"""`matchcut evaluate`, `train` and `embeddings`: what they print, and bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from matchcut.errors import LearningMissing
from matchcut.learn import libraries
from tests.labelled import Planted, write_planted
from tests.unit.cli.conftest import Matchcut


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    return write_planted(tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def trained(matchcut: Matchcut, planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classifiers and a projection."""
    folder = tmp_path_factory.mktemp("trained")
    asked = ["--dataset", planted.labels, "--embeddings", planted.embeddings, "-o", folder]
    ran = matchcut("train", "classifier", *asked, "--aggregation", "abs_diff", "--workers", 1)
    assert ran.code == 0, ran.err
    ran = matchcut("train", "metric", *asked, "--preset", "motion", "--epochs", 5, "--seeds", 1)
    assert ran.code == 0, ran.err
    return folder


def test_every_row_says_what_it_was_measured_on(matchcut: Matchcut, planted: Planted) -> None:
    ran = matchcut("evaluate", "--dataset", planted.labels, "--json", "--resamples", 50)
    assert ran.code == 0, ran.err
    assert [(line["scorer"], line["split"]) for line in ran.lines] == [
        (scorer, split)
        for scorer in ("random", "heuristic 1")
        for split in ("train", "validation", "test")
    ]
    for line in ran.lines:
        assert line["task"] == "planted"
        assert line["title"] is None
        assert line["positives"] / line["pairs"] == pytest.approx(0.1)
        assert 0 < line["low"] < line["average_precision"] < line["high"] < 1
        assert line["chance"] == pytest.approx(0.1, abs=0.03)
        assert set(line["precision"]) == set(line["recall"]) == {"10", "100"}


def test_titles_are_rows_of_their_own_where_they_are_asked_for(
    matchcut: Matchcut, planted: Planted
) -> None:
    asked = ["--dataset", planted.labels, "--split", "test", "--scorer", "random", "--json"]
    lines = matchcut("evaluate", *asked, "--by-title").lines
    assert [line["title"] for line in lines] == [None, *(f"tt{one:07}" for one in range(16, 20))]
    assert sum(line["pairs"] for line in lines[1:]) == lines[0]["pairs"]
    assert all(line["low"] < line["average_precision"] < line["high"] for line in lines)


def test_the_table_fits_a_terminal(matchcut: Matchcut, planted: Planted) -> None:
    ran = matchcut("evaluate", "--dataset", planted.labels, "--by-title")
    assert ran.out == ""
    assert max(len(line) for line in ran.err.splitlines()) <= 80
    assert "…" not in ran.err


def test_reports_are_written_whole(matchcut: Matchcut, planted: Planted, tmp_path: Path) -> None:
    files = [tmp_path / f"report.{ending}" for ending in ("html", "png", "csv")]
    outputs = [word for file in files for word in ("-o", file)]
    ran = matchcut("evaluate", "--dataset", planted.labels, "--split", "test", *outputs)
    assert ran.code == 0, ran.err
    page, picture, table = files
    assert picture.read_bytes().startswith(b"\x89PNG")
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "heuristic 1" in text
    with table.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["title"] for row in rows} == {"", *(f"tt{one:07}" for one in range(16, 20))}
    assert {row["scorer"] for row in rows} == {"random", "heuristic 1"}


def test_what_was_trained_is_measured_like_any_scorer(
    matchcut: Matchcut, planted: Planted, trained: Path
) -> None:
    names = ["planted-planted-lr-abs_diff", "planted-planted-metric-motion"]
    scorers = [word for name in names for word in ("--scorer", f"model:{trained / name}")]
    asked = ["--dataset", planted.labels, "--embeddings", planted.embeddings, "--split", "test"]
    ran = matchcut("evaluate", *asked, *scorers, "--json")
    assert ran.code == 0, ran.err
    for name, line in zip(names, ran.lines, strict=True):
        stated = json.loads((trained / name / "model.json").read_text())["average_precision"]
        assert line["scorer"] == f"model:{name}"
        assert line["average_precision"] == pytest.approx(stated["test"][0], abs=1e-6)


def test_the_results_are_a_table_in_the_papers_columns(trained: Path) -> None:
    with (trained / "results.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == [
        "task", "encoder", "model", "agg", "train-AP", "validation-AP", "test-AP"
    ]  # fmt: skip
    assert [(row["encoder"], row["model"], row["agg"]) for row in rows] == [
        ("planted", "lr", "abs_diff"),
        ("planted", "", ""),
    ], "of every command that wrote into the folder"
    assert all(float(row["test-AP"]) > 0 for row in rows)


def test_the_cosine_of_embeddings_is_measured_where_they_are_given(
    matchcut: Matchcut, planted: Planted
) -> None:
    asked = ["--dataset", planted.labels, "--embeddings", planted.embeddings, "--json"]
    lines = matchcut("evaluate", *asked, "--split", "test").lines
    assert "cosine:planted" in {line["scorer"] for line in lines}


def test_the_films_of_a_library_are_measured_by_its_flavors(
    matchcut: Matchcut, footage_library: Path, tmp_path: Path
) -> None:
    from matchcut.learn.vectors.library import titled
    from matchcut.library import Library

    title = next(iter(titled(Library.open(footage_library))))
    table = tmp_path / "labels.csv"
    table.write_text(f"title,shot1,shot2,match\n{title},0,2,1\n{title},0,3,0\n{title},1,3,0\n")
    asked = ["--dataset", table, "--library", footage_library, "--split", "all", "--json"]
    lines = matchcut("evaluate", *asked, "--scorer", "flavor:color").lines
    assert [(line["task"], line["scorer"], line["pairs"]) for line in lines] == [
        ("labels", "flavor:color", 3)
    ]


def test_vectors_of_a_library_come_out_in_the_papers_form(
    matchcut: Matchcut, footage_library: Path, tmp_path: Path
) -> None:
    ran = matchcut(
        "embeddings", "export", footage_library, "--to", tmp_path, "--as", "paper", "--json"
    )
    assert ran.code == 0, ran.err
    for line in ran.lines:
        held = json.loads(Path(line["path"]).read_text())
        assert Path(line["path"]).name == f"appearance-{line['title']}.json"
        assert len(held) == line["shots"]
        assert {len(row) for row in held.values()} == {671}
    listed = matchcut("embeddings", "list", tmp_path, "--json").lines
    assert [(one["encoder"], one["format"], one["titles"]) for one in listed] == [
        ("appearance", "paper", 2)
    ]


def test_a_split_without_pairs_is_told_and_the_others_are_measured(
    matchcut: Matchcut, tmp_path: Path
) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("title,shot1,shot2,match,iou\na,1,2,1,0.5\na,1,3,0,0.2\n")
    for split in ("train", "validation", "test"):
        (tmp_path / f"{split}.txt").write_text("a\n" if split == "test" else "")
    ran = matchcut("evaluate", "--dataset", table, "--scorer", "iou", "--json")
    assert [(line["split"], line["average_precision"]) for line in ran.lines] == [("test", 1)]
    assert "'labels', train" in ran.err
    asked = ["--dataset", table, "--scorer", "iou", "--split", "train"]
    assert matchcut("evaluate", *asked).refused(1, "LABELS_TOO_FEW")


class TestBadInput:
    def test_a_missing_set(self, matchcut: Matchcut, tmp_path: Path) -> None:
        ran = matchcut("evaluate", "--dataset", tmp_path / "nowhere")
        assert "no file or folder of labelled pairs" in ran.refused(1, "LABELS_MISSING")

    def test_an_unknown_task(self, matchcut: Matchcut, planted: Planted) -> None:
        ran = matchcut("evaluate", "--dataset", planted.labels, "--task", "colour")
        assert "'colour'" in ran.refused(2, "TASK_UNKNOWN")

    def test_an_unknown_split(self, matchcut: Matchcut, planted: Planted) -> None:
        ran = matchcut("evaluate", "--dataset", planted.labels, "--split", "dev")
        assert "'dev'" in ran.refused(2, "USAGE")

    @pytest.mark.parametrize("name", ["heuristic 9", "cosine:clip", "flavor:frame", "model:x"])
    def test_an_unknown_scorer_or_one_that_lacks_something(
        self, matchcut: Matchcut, planted: Planted, name: str
    ) -> None:
        ran = matchcut("evaluate", "--dataset", planted.labels, "--scorer", name)
        assert f"'{name}'" in ran.refused(2, "SCORER_UNKNOWN")
        assert "model:FOLDER" in ran.err

    def test_an_unknown_encoder(self, matchcut: Matchcut, planted: Planted, tmp_path: Path) -> None:
        asked = ["--dataset", planted.labels, "--embeddings", planted.embeddings]
        ran = matchcut("evaluate", *asked, "--scorer", "cosine:clip")
        assert "'clip'" in ran.refused(2, "ENCODER_UNKNOWN")
        ran = matchcut("train", "classifier", *asked, "--encoder", "yamnet+clip", "-o", tmp_path)
        assert "'clip'" in ran.refused(2, "ENCODER_UNKNOWN")

    def test_an_unknown_head_aggregation_or_preset(
        self, matchcut: Matchcut, planted: Planted, tmp_path: Path
    ) -> None:
        asked = ["--dataset", planted.labels, "--embeddings", planted.embeddings, "-o", tmp_path]
        ran = matchcut("train", "classifier", *asked, "--learner", "svm")
        assert "'svm'" in ran.refused(2, "LEARNER_UNKNOWN")
        ran = matchcut("train", "classifier", *asked, "--aggregation", "median")
        assert "'median'" in ran.refused(2, "USAGE")
        ran = matchcut("train", "metric", *asked)
        assert "'planted'" in ran.refused(2, "USAGE")
        assert "--preset: frame, motion" in ran.err

    def test_a_pair_of_a_shot_without_a_vector(
        self, matchcut: Matchcut, planted: Planted, tmp_path: Path
    ) -> None:
        (tmp_path / "labels.csv").write_text("title,shot1,shot2,match\ntt0000000,1,999,1\n")
        asked = ["--dataset", tmp_path / "labels.csv", "--embeddings", planted.embeddings]
        ran = matchcut("evaluate", *asked, "--split", "all", "--scorer", "cosine:planted")
        assert ran.refused(1, "EMBEDDING_MISSING") == (
            "There is no vector by 'planted' of shot 999 of 'tt0000000'."
        )

    def test_a_folder_without_embeddings(
        self, matchcut: Matchcut, planted: Planted, tmp_path: Path
    ) -> None:
        asked = ["--dataset", planted.labels, "--embeddings", tmp_path]
        assert matchcut("train", "metric", *asked, "-o", tmp_path).refused(1, "EMBEDDINGS_MISSING")
        assert matchcut("embeddings", "list", tmp_path).refused(1, "EMBEDDINGS_MISSING")

    def test_a_folder_without_a_model(
        self, matchcut: Matchcut, planted: Planted, tmp_path: Path
    ) -> None:
        asked = ["--dataset", planted.labels, "--embeddings", planted.embeddings]
        ran = matchcut("evaluate", *asked, "--scorer", f"model:{tmp_path}")
        assert str(tmp_path) in ran.refused(1, "TRAINED_MISSING")

    def test_a_model_of_other_features(
        self, matchcut: Matchcut, trained: Path, tmp_path: Path
    ) -> None:
        other = write_planted(tmp_path, length=40)
        asked = ["--dataset", other.labels, "--embeddings", other.embeddings]
        model = trained / "planted-planted-lr-abs_diff"
        ran = matchcut("evaluate", *asked, "--scorer", f"model:{model}")
        said = ran.refused(1, "FEATURES_UNFIT")
        assert "32 numbers" in said
        assert "40 numbers" in said

    @pytest.mark.parametrize("output", ["report.pdf", "nowhere/report.html"])
    def test_a_report_that_cannot_be_written(
        self, matchcut: Matchcut, planted: Planted, tmp_path: Path, output: str
    ) -> None:
        ran = matchcut("evaluate", "--dataset", planted.labels, "-o", tmp_path / output)
        ran.refused(2, "USAGE")

    def test_a_form_that_is_not_written(
        self, matchcut: Matchcut, planted: Planted, tmp_path: Path
    ) -> None:
        asked = [planted.embeddings, "--to", tmp_path]
        assert "'pickle'" in matchcut("embeddings", "export", *asked, "--as", "pickle").refused(
            2, "USAGE"
        )

    def test_a_library_that_is_not_installed(
        self, matchcut: Matchcut, planted: Planted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def absent(name: str) -> None:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name.partition(".")[0])

        monkeypatch.setattr(libraries.importlib, "import_module", absent)
        with pytest.raises(LearningMissing, match=r"matchcut\[learn\]"):
            libraries.needed("xgboost")
        ran = matchcut("evaluate", "--dataset", planted.labels, "-o", tmp_path / "x.png")
        assert "'matplotlib'" in ran.err
        assert ran.code == 1
