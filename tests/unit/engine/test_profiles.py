"""Which way silhouettes are computed: what each profile takes, insists on, and says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from matchcut import models
from matchcut.embeddings.appearance import APPEARANCE
from matchcut.engine import Engine, profiles
from matchcut.engine.profiles import Choice, Chooser
from matchcut.errors import (
    Cancelled,
    DetectorUnknown,
    DiskFull,
    ModelDamaged,
    ModelMissing,
    ModelUnfit,
    OutputUnwritable,
    ProfileUnknown,
)
from matchcut.flavors.frame import FLAVOR
from matchcut.library import Library
from matchcut.models import Shelves, devices, fetching
from matchcut.models.loading import digest
from matchcut.silhouettes.pretrained import pretrained
from matchcut.types import IndexReport
from tests import shelved
from tests.conftest import Quiet
from tests.random_weights import written
from tests.shelved import Shelf
from tests.small_films import DETECTOR, write_textures
from tests.unit.models.conftest import Shop, Watcher, serving

WITHOUT = "Flavor 'frame': without pretrained weights, "
BETTER = "run `matchcut models fetch lraspp` (without internet: elsewhere with --to DIR, then name "


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shelf:
    return shelved.shelf(monkeypatch, tmp_path)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of two shots."""
    return write_textures(tmp_path_factory.mktemp("film") / "two shots.mp4", 12, 1, 2)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Where a library will be."""
    return tmp_path / "library"


def indexed(library: Path, film: Path, profile: str = "auto") -> IndexReport:
    return Engine(library).index([film], detector=DETECTOR, profile=profile, monitor=Quiet())


def providers(library: Path) -> set[str]:
    """What computed the silhouettes that the library holds."""
    stored = Library.open(library)
    [source] = stored.sources()
    named = stored.providers()
    have = stored.representations(source.source.digest, source.detector)
    return {named[one] for one in have if one.startswith("silhouette-")}


def choose(profile: str = "auto", device: str = "cpu") -> Choice:
    """What a profile takes for silhouettes on a device."""
    chooser = Chooser(profile, models.shelves(None), device)
    flavor = profiles.flavors.flavor("frame")
    return chooser.choose("Flavor 'frame'", flavor.representation, flavor.pretrained, Quiet())


def chosen(choice: Choice) -> str:
    return choice.representation.spec.provider


# Auto


def test_without_weights_and_internet_films_are_indexed_and_one_sentence_says_how(
    shelf: Shelf, film: Path, library: Path
) -> None:
    report = indexed(library, film)
    assert report.added == (film,)
    [note] = report.notes
    assert note == (
        f"{WITHOUT}since the weights of 'lraspp' are not here and cannot be had now. For better "
        f"ones {BETTER}the carried folder here by --models DIR) and index again."
    )
    assert providers(library) == {"weight-free"}
    assert list(shelf.folder.iterdir()) == []


def test_weights_that_are_here_are_used_and_it_is_said(
    shelf: Shelf, film: Path, library: Path
) -> None:
    shelf.put("lraspp")
    report = indexed(library, film)
    assert report.notes == (
        f"Flavor 'frame': by 'lraspp' ({pretrained()[-1].label}), on {devices.described('cpu')}.",
    )
    assert providers(library) == {"lraspp"}
    assert len(shelved.SEEN) == 2


def test_the_published_network_itself_is_loaded_from_its_file_and_used(
    shelf: Shelf, film: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (real,) = [one.model for one in pretrained() if one.name == "lraspp"]
    published, _ = written(real, shelf.folder)
    shelved.publish(monkeypatch, published)
    assert "by 'lraspp'" in indexed(library, film).notes[0]
    assert providers(library) == {"lraspp"}
    assert shelved.SEEN == []


def test_weights_that_another_program_fetched_through_pytorch_are_used(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    shelf.put("lraspp", to=tmp_path / "torch" / "hub" / "checkpoints")
    assert chosen(choose()) == "lraspp"


def test_the_engine_s_own_folder_goes_before_the_variable(
    shelf: Shelf, film: Path, library: Path, tmp_path: Path
) -> None:
    shelf.put("lraspp", to=tmp_path / "carried")
    engine = Engine(library, models=tmp_path / "carried")
    report = engine.index([film], detector=DETECTOR, monitor=Quiet())
    assert "by 'lraspp'" in report.notes[0]


def test_weights_cut_short_are_passed_over_and_the_sentence_says_why(
    shelf: Shelf, film: Path, library: Path
) -> None:
    file = shelf.cut_short("lraspp")
    [note] = indexed(library, film).notes
    assert note.startswith(WITHOUT)
    assert f"{file} does not hold the weights of 'lraspp' as published: it is cut short" in note
    assert BETTER in note
    assert providers(library) == {"weight-free"}


def test_on_a_processor_the_heavy_network_is_not_chosen_unasked(shelf: Shelf) -> None:
    shelf.put("mask-rcnn")
    choice = choose()
    assert chosen(choice) == "weight-free"
    assert BETTER in choice.sentence


# Insisting


def test_pretrained_without_weights_indexes_nothing_and_says_the_next_step(
    shelf: Shelf, film: Path, library: Path
) -> None:
    with pytest.raises(ModelMissing) as raised:
        indexed(library, film, "pretrained")
    assert raised.value.facts["model"] == "lraspp"
    assert str(shelf.folder) in raised.value.sentence
    assert "matchcut models fetch lraspp" in raised.value.next_step
    assert "--models DIR" in raised.value.next_step
    assert not library.exists()


@pytest.mark.parametrize("profile", ["pretrained", "lraspp"])
def test_weights_cut_short_are_refused_where_they_are_insisted_on(
    shelf: Shelf, film: Path, library: Path, profile: str
) -> None:
    file = shelf.cut_short("lraspp")
    with pytest.raises(ModelDamaged, match="cut short") as raised:
        indexed(library, film, profile)
    assert raised.value.facts["path"] == str(file)
    assert not library.exists()


def test_classical_never_looks_for_weights(
    shelf: Shelf, film: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("lraspp")

    def look(*_: object) -> None:
        raise AssertionError("nobody asked for weights")

    for place, name in ((Shelves, "present"), (models, "check"), (models, "can_be_had")):
        monkeypatch.setattr(place, name, look)
    monkeypatch.setattr(models, "fetch", look)
    report = indexed(library, film, "classical")
    assert report.notes == (f"{WITHOUT}as asked for.",)
    assert providers(library) == {"weight-free"}


def test_an_unknown_profile_is_answered_with_the_known_ones_and_nothing_is_made(
    shelf: Shelf, film: Path, library: Path
) -> None:
    with pytest.raises(ProfileUnknown, match="no profile named 'best'") as raised:
        indexed(library, film, "best")
    known = {"auto", "pretrained", "classical", *(one.name for one in pretrained())}
    assert set(str(raised.value.facts["known"]).split(",")) == known
    assert all(name in raised.value.next_step for name in known)
    assert not library.exists()


def test_a_model_that_computes_no_silhouettes_is_no_profile(
    shelf: Shelf, film: Path, library: Path
) -> None:
    with pytest.raises(ProfileUnknown):
        indexed(library, film, "efficientnet-b7")


def test_the_name_of_a_model_insists_on_it(shelf: Shelf, film: Path, library: Path) -> None:
    for name in ("lraspp", "mask-rcnn"):
        with pytest.raises(ModelMissing) as raised:
            indexed(library, film, name)
        assert raised.value.facts["model"] == name
    shelf.put("lraspp", "mask-rcnn")
    assert chosen(choose("mask-rcnn")) == "mask-rcnn", "however slow it is here"
    assert "by 'lraspp'" in indexed(library, film, "lraspp").notes[0]


def test_weights_of_another_network_end_the_run_with_a_next_step_that_works(
    shelf: Shelf, film: Path, library: Path
) -> None:
    import torch
    from safetensors.torch import save_file

    twin = shelf.folder / models.model("lraspp").twin
    save_file({"other.weight": torch.zeros(3)}, twin)
    twin.with_name(f"{twin.name}.sha256").write_text(digest(twin))
    with pytest.raises(ModelUnfit, match="another network than 'lraspp'") as raised:
        indexed(library, film)
    assert "--profile classical" in raised.value.next_step
    assert indexed(library, film, "classical").added == (film,)


# Devices


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a GPU, as far as choosing goes."""
    monkeypatch.setattr(devices, "device", lambda: "cuda")
    monkeypatch.setattr(devices, "described", lambda name: f"{name}: a card")


@pytest.mark.parametrize("profile", ["auto", "pretrained"])
def test_with_a_gpu_the_best_network_is_taken(shelf: Shelf, gpu: None, profile: str) -> None:
    shelf.put("lraspp", "mask-rcnn")
    choice = choose(profile, "cuda")
    assert chosen(choice) == "mask-rcnn"
    assert choice.sentence.endswith(", on cuda: a card.")


@pytest.mark.parametrize("profile", ["auto", "pretrained"])
def test_without_one_the_quick_network_is_taken(shelf: Shelf, profile: str) -> None:
    shelf.put("lraspp", "mask-rcnn")
    assert chosen(choose(profile)) == "lraspp"


def test_insisting_on_weights_takes_those_that_are_here(shelf: Shelf, gpu: None) -> None:
    shelf.put("lraspp")
    assert chosen(choose("pretrained", "cuda")) == "lraspp"
    (shelf.folder / shelf.files["lraspp"].name).unlink()
    shelf.put("mask-rcnn")
    assert chosen(choose("pretrained", "cpu")) == "mask-rcnn"


def test_insisting_where_none_is_here_names_the_one_that_suits_the_machine(
    shelf: Shelf, gpu: None
) -> None:
    for device, suited in (("cpu", "lraspp"), ("cuda", "mask-rcnn"), ("mps", "mask-rcnn")):
        with pytest.raises(ModelMissing) as raised:
            choose("pretrained", device)
        assert raised.value.facts["model"] == suited


def test_a_gpu_with_the_small_network_alone_uses_it_and_says_how_to_get_the_better_one(
    shelf: Shelf, gpu: None
) -> None:
    shelf.put("lraspp")
    choice = choose("auto", "cuda")
    assert chosen(choice) == "lraspp"
    assert "by 'lraspp'" in choice.sentence
    assert "the weights of 'mask-rcnn' are not here and cannot be had now" in choice.sentence
    assert "matchcut models fetch mask-rcnn" in choice.sentence


def test_where_all_fails_the_sentence_speaks_of_the_best_one(shelf: Shelf, gpu: None) -> None:
    shelf.cut_short("lraspp")
    choice = choose("auto", "cuda")
    assert chosen(choice) == "weight-free"
    assert "since the weights of 'mask-rcnn' are not here" in choice.sentence
    assert "matchcut models fetch mask-rcnn`" in choice.sentence


def test_the_outlook_is_what_auto_then_chooses(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = "; `matchcut models fetch {}` is the better way"
    assert profiles.outlook(None) == ("frame: without pretrained weights" + fetch.format("lraspp"),)
    shelf.put("lraspp")
    assert profiles.outlook(None) == ("frame: by 'lraspp'",)
    monkeypatch.setattr(devices, "device", lambda: "mps")
    assert profiles.outlook(None) == ("frame: by 'lraspp'" + fetch.format("mask-rcnn"),)
    shelf.put("mask-rcnn")
    assert profiles.outlook(None) == ("frame: by 'mask-rcnn'",)
    assert chosen(choose("auto", "mps")) == "mask-rcnn"


# Fetching


@pytest.fixture
def shop(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A server that sends the weights of `lraspp`, on a machine that may ask it."""
    monkeypatch.delenv("MATCHCUT_OFFLINE")
    monkeypatch.setenv("no_proxy", "*")
    with serving() as one:
        one.content = shelf.files["lraspp"].read_bytes()
        model = models.model("lraspp")
        facts = replace(model.published, url=one.url)
        shelved.publish(monkeypatch, replace(model, published=facts))
        yield one


def test_weights_that_can_be_had_are_fetched_and_used(
    shop: Shop, shelf: Shelf, film: Path, library: Path
) -> None:
    watcher = Watcher()
    report = Engine(library).index([film], detector=DETECTOR, monitor=watcher)
    assert "by 'lraspp'" in report.notes[0]
    assert providers(library) == {"lraspp"}
    assert (shelf.folder / "small-00000000.pth").read_bytes() == shop.content
    stages = [one.stage for one in watcher.reports]
    assert stages.index("fetching") < stages.index("reading")
    assert [how for how, _ in shop.asked] == ["HEAD", "GET"]
    indexed(library, film)
    assert len(shop.asked) == 2, "nothing is asked for what is here"


def test_a_connection_that_breaks_off_costs_the_better_silhouettes_and_not_the_run(
    shop: Shop, shelf: Shelf, film: Path, library: Path
) -> None:
    shop.breaks_after = 100
    [note] = indexed(library, film).notes
    assert note.startswith(WITHOUT)
    assert BETTER in note
    assert providers(library) == {"weight-free"}
    shop.breaks_after = None
    assert "by 'lraspp'" in indexed(library, film).notes[0]
    assert shop.asked[-1] == ("GET", "bytes=100-"), "it goes on from there"


def test_a_server_that_sends_something_else_costs_the_better_silhouettes_and_not_the_run(
    shop: Shop, shelf: Shelf
) -> None:
    shop.content = bytes(len(shop.content))
    choice = choose()
    assert chosen(choice) == "weight-free"
    assert "what the server sent was removed" in choice.sentence


def test_a_server_without_the_file_is_asked_once(shop: Shop) -> None:
    shop.status = 404
    assert chosen(choose()) == "weight-free"
    assert shop.asked == [("HEAD", None)]


def test_offline_nobody_is_asked(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATCHCUT_OFFLINE", "1")
    assert chosen(choose()) == "weight-free"
    assert shop.asked == []


@pytest.mark.parametrize("profile", ["pretrained", "lraspp", "classical"])
def test_only_auto_fetches(shop: Shop, film: Path, library: Path, profile: str) -> None:
    if profile == "classical":
        indexed(library, film, profile)
    else:
        with pytest.raises(ModelMissing):
            indexed(library, film, profile)
    assert shop.asked == []


def test_a_run_stopped_while_fetching_indexes_nothing_and_keeps_what_came(
    shop: Shop, shelf: Shelf, film: Path, library: Path
) -> None:
    with pytest.raises(Cancelled):
        Engine(library).index([film], detector=DETECTOR, monitor=Watcher(stop_at=1))
    assert not library.exists()
    assert (shelf.folder / "small-00000000.pth.part").stat().st_size > 0


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DiskFull("/models"), "The disk that holds /models is full"),
        (OutputUnwritable("/models is locked.", "Unlock it.", path="/models"), "/models is locked"),
    ],
    ids=["full disk", "no right to write"],
)
def test_a_shelf_that_takes_no_weights_costs_the_better_silhouettes_and_not_the_run(
    shop: Shop,
    film: Path,
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    said: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(fetching, "_complete", fail)
    [note] = indexed(library, film).notes
    assert note.startswith(f"{WITHOUT}since the weights of 'lraspp' cannot be used ({said}).")
    assert BETTER in note
    assert providers(library) == {"weight-free"}


# Embeddings


def _embeddings(chooser: Chooser) -> tuple[Choice, ...]:
    """Of `lraspp`, as if it were an embedding: it is what has weights here."""
    return chooser.present(APPEARANCE, [one for one in FLAVOR.pretrained if one.name == "lraspp"])


@pytest.mark.parametrize(
    ("profile", "stored"),
    [("auto", ["lraspp"]), ("pretrained", ["lraspp"]), ("classical", []), ("lraspp", [])],
)
def test_an_embedding_is_stored_beside_the_others_where_its_weights_are(
    shelf: Shelf, profile: str, stored: list[str]
) -> None:
    chooser = Chooser(profile, models.shelves(None), "cpu")
    assert _embeddings(chooser) == ()
    shelf.put("lraspp")
    assert [chosen(one) for one in _embeddings(chooser)] == stored


def test_damaged_weights_of_an_embedding_are_told_and_stop_only_who_insists(shelf: Shelf) -> None:
    shelf.cut_short("lraspp")
    [choice] = _embeddings(Chooser("auto", models.shelves(None), "cpu"))
    assert choice.representation is APPEARANCE
    assert "cut short" in choice.sentence
    with pytest.raises(ModelDamaged):
        _embeddings(Chooser("pretrained", models.shelves(None), "cpu"))


def test_a_detector_that_does_not_exist_is_told_before_anything_is_fetched(
    shop: Shop, film: Path, library: Path
) -> None:
    with pytest.raises(DetectorUnknown):
        Engine(library).index([film], detector="none", monitor=Quiet())
    assert shop.asked == []
