"""The test films are what their ground truth says: to the frame, the silhouette and the path."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import opentimelineio as otio
import pytest
from numpy.typing import NDArray

from tests.film import plates, subjects
from tests.film.camera import mean_flow, outermost
from tests.film.demo import demo_plan
from tests.film.draw import frame_at, mask_at
from tests.film.encode import write_film
from tests.film.score import decoys_found, planted_found
from tests.film.script import (
    Camera,
    FilmPlan,
    GroundTruth,
    Plate,
    ShotPlan,
    Subject,
    TaggedPair,
)
from tests.film.timeline import write_timeline
from tests.film.truth import camera_likeness, silhouette_overlap

LIKE = 0.9
"""A planted pair is at least this alike in truth, by overlap or by camera path."""
UNLIKE = 0.7
"""Any other pair is at most this alike in truth."""
APART = Fraction(6)
"""Seconds between the shots of a planted pair, at least."""


@pytest.fixture(scope="module")
def small() -> FilmPlan:
    """Three shots of a letterboxed film at an NTSC rate, small enough to encode in a moment."""
    person = Subject("standing", "red coat", 0.4, 0.55, 0.8)
    return FilmPlan(
        shots=(
            ShotPlan("person", Plate("lights", "night", 1, 1.0), person, Camera(shake=0.002), 13),
            ShotPlan("pan", Plate("bricks", "teal", 2), None, Camera(pan=-0.3), 15),
            ShotPlan("zoom", Plate("foliage", "meadow", 3), None, Camera(zoom=0.3), 9),
        ),
        rate=Fraction(24000, 1001),
        width=160,
        height=90,
        picture_height=68,
        start_timecode="10:00:00:00",
        tone=220.0,
        planted=(TaggedPair("camera", "pan", "zoom"),),
    )


@pytest.fixture(scope="module")
def written(small: FilmPlan, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, GroundTruth]:
    path = tmp_path_factory.mktemp("film") / "small.mp4"
    return path, write_film(small, path)


@pytest.fixture(scope="module")
def alike() -> dict[str, NDArray[np.float64]]:
    """True likeness of all shots of the demo by flavor; drawing all silhouettes takes a while."""
    plan = demo_plan()
    return {"frame": silhouette_overlap(plan), "camera": camera_likeness(plan)}


def test_the_same_plan_draws_the_same_frames_in_any_order(small: FilmPlan) -> None:
    frames = (0, 20, 36, 5)
    first = {n: frame_at(small, n) for n in frames}
    plates.painted.cache_clear()
    subjects.painted.cache_clear()
    for n in reversed(frames):
        np.testing.assert_array_equal(frame_at(small, n), first[n])


def test_another_seed_is_another_place(small: FilmPlan) -> None:
    shot = small.shots[1]
    other = replace(shot, plate=replace(shot.plate, seed=99))
    there = replace(small, shots=(small.shots[0], other, small.shots[2]))
    assert np.abs(frame_at(small, 20).astype(int) - frame_at(there, 20)).mean() > 5


def test_a_look_never_changes_the_silhouette(small: FilmPlan) -> None:
    shot = small.shots[0]
    assert shot.subject is not None
    stone = replace(shot, subject=replace(shot.subject, look="stone"))
    other = replace(small, shots=(stone, *small.shots[1:]))
    a, b = mask_at(small, 6), mask_at(other, 6)
    assert a.sum() > 300
    assert (a & b).sum() >= 0.99 * (a | b).sum()


def test_black_bars_hold_no_picture_and_no_silhouette(small: FilmPlan) -> None:
    picture, mask = frame_at(small, 3), mask_at(small, 3)
    assert picture.shape == (90, 160, 3)
    assert mask.shape == (90, 160)
    assert not picture[:11].any()
    assert not picture[-11:].any()
    assert not mask[:11].any()
    assert picture[11:-11].any()


@pytest.mark.parametrize("kind", sorted(subjects.KINDS))
def test_every_subject_has_a_silhouette_and_stands_out_of_its_plate(kind: str) -> None:
    subject = Subject(kind, "stone", 0.5, 0.5, 0.45)
    plain = ShotPlan("plain", Plate("foliage", "meadow", 1), None, Camera(), 1)
    with_it = FilmPlan((replace(plain, subject=subject),), width=320, height=180)
    without = FilmPlan((plain,), width=320, height=180)
    mask = mask_at(with_it, 0)
    changed = np.abs(frame_at(with_it, 0).astype(int) - frame_at(without, 0)).max(axis=2) > 12
    assert 0.01 < mask.mean() < 0.4
    assert changed[mask].mean() > 0.8
    # Only a shadow lies outside of the silhouette.
    assert changed[~mask].mean() < 0.06


@pytest.mark.parametrize("kind", sorted(plates.KINDS))
def test_every_plate_has_texture_for_optical_flow(kind: str) -> None:
    picture = plates.painted(Plate(kind, "golden", 4), 640, 360)
    assert picture.shape[:2] == plates.plate_size(640, 360)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    corners = cv2.goodFeaturesToTrack(grey, 500, 0.02, 8)
    assert corners is not None
    assert len(corners) > 100


@pytest.mark.parametrize(
    ("camera", "way"),
    [
        (Camera(pan=0.2), (-1, 0)),
        (Camera(pan=-0.2), (1, 0)),
        (Camera(tilt=0.2), (0, 1)),
        (Camera(tilt=-0.2), (0, -1)),
    ],
)
def test_the_picture_travels_against_the_camera(camera: Camera, way: tuple[int, int]) -> None:
    shot = ShotPlan("move", Plate("bricks", "teal", 1), None, camera, 24)
    flow = mean_flow(shot, Fraction(24), 640, 360)
    speed = 0.2 * 640 / 360 if camera.pan else 0.2
    np.testing.assert_allclose(
        flow, np.broadcast_to(np.multiply(way, speed), flow.shape), atol=1e-9
    )


def test_pushing_in_moves_everything_away_from_the_centre() -> None:
    shot = ShotPlan("push", Plate("bricks", "teal", 1), None, Camera(zoom=0.3), 24)
    flow = mean_flow(shot, Fraction(24), 640, 360, (2, 2))
    assert np.all(np.sign(flow[..., 0]) == [[-1, 1], [-1, 1]])
    assert np.all(np.sign(flow[..., 1]) == [[-1, -1], [1, 1]])


def test_the_drawn_picture_moves_as_the_camera_path_says(small: FilmPlan) -> None:
    shot = ShotPlan("pan", Plate("foliage", "meadow", 2), None, Camera(pan=-0.3, tilt=0.2), 8)
    plan = FilmPlan((shot,), width=320, height=180)
    a, b = (cv2.cvtColor(frame_at(plan, n), cv2.COLOR_RGB2GRAY).astype(np.float32) for n in (3, 4))
    (x, y), _ = cv2.phaseCorrelate(a, b, cv2.createHanningWindow((320, 180), cv2.CV_32F))
    true = mean_flow(shot, plan.rate, 320, 180).mean(axis=(0, 1)) * 180 / 24
    np.testing.assert_allclose((x, y), true, atol=0.3)


def test_the_file_has_exactly_the_frames_of_the_plan(
    small: FilmPlan, written: tuple[Path, GroundTruth]
) -> None:
    path, truth = written
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert stream.average_rate == small.rate
        frames = list(film.decode(stream))
    assert len(frames) == truth.frames == 37
    assert [frame.time for frame in frames] == [float(n / small.rate) for n in range(37)]
    for n in (0, 12, 13, 36):
        seen = frames[n].to_ndarray(format="rgb24").astype(int)
        assert np.abs(seen - frame_at(small, n)).mean() < 8


def test_the_file_carries_its_start_timecode_and_its_tone(
    written: tuple[Path, GroundTruth],
) -> None:
    with av.open(str(written[0])) as film:
        assert film.streams.video[0].metadata["timecode"] == "10:00:00:00"
        (sound,) = film.streams.audio
        heard = np.concatenate([block.to_ndarray()[0] for block in film.decode(sound)])
    assert 0.005 < np.sqrt(np.mean(heard**2)) < 0.05


def test_a_film_with_an_odd_size_is_refused(small: FilmPlan, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="even width and height"):
        write_film(replace(small, width=161), tmp_path / "odd.mp4")


def test_a_frame_outside_of_the_film_is_refused(small: FilmPlan) -> None:
    for frame in (-1, 37):
        with pytest.raises(IndexError, match="37 frames"):
            frame_at(small, frame)


def test_a_pair_of_an_unknown_shot_is_refused(small: FilmPlan) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        replace(small, planted=(TaggedPair("frame", "person", "nowhere"),))


def test_the_truth_survives_being_written_and_read() -> None:
    truth = demo_plan().truth()
    assert GroundTruth.from_json(truth.to_json()) == truth


def test_the_shots_of_the_demo_are_the_film_without_gap_or_overlap() -> None:
    truth = demo_plan().truth()
    assert truth.shots[0].start == 0
    assert all(a.end == b.start for a, b in pairwise(truth.shots))
    assert all(shot.end > shot.start for shot in truth.shots)
    assert [truth.shot_at(frame) for frame in truth.cuts] == list(range(1, len(truth.shots)))
    assert 57 < truth.frames / truth.rate < 63
    assert 36 <= len(truth.shots) <= 44
    assert all(1 <= (shot.end - shot.start) / truth.rate <= Fraction(5, 2) for shot in truth.shots)


def test_no_shot_of_the_demo_looks_past_the_edge_of_its_plate() -> None:
    plan = demo_plan()
    tall, wide = plates.plate_size(plan.width, plan.height)
    for shot in plan.shots:
        x, y = outermost(shot, plan.rate, plan.width, plan.height)
        assert x <= wide / 2, shot.tag
        assert y <= tall / 2, shot.tag


def test_planted_pairs_of_the_demo_lie_apart() -> None:
    truth = demo_plan().truth()
    for pairs in truth.planted.values():
        for a, b in pairs:
            assert (truth.shots[b].start - truth.shots[a].end) / truth.rate >= APART


@pytest.mark.parametrize(("flavor", "at_least"), [("frame", 8), ("camera", 6)])
def test_the_planted_pairs_are_the_best_by_truth_and_no_other_pair_reaches_them(
    flavor: str, at_least: int, alike: dict[str, NDArray[np.float64]]
) -> None:
    truth = demo_plan().truth()
    likeness = alike[flavor]
    planted = {frozenset(pair) for pair in truth.planted[flavor]}
    assert len(planted) >= at_least
    for i in range(len(likeness)):
        for j in range(i):
            pair = frozenset((truth.representative(i), truth.representative(j)))
            tags = (truth.shots[j].tag, truth.shots[i].tag, likeness[i, j])
            if pair in planted:
                assert likeness[i, j] >= LIKE, tags
            elif len(pair) == 2:
                assert likeness[i, j] <= UNLIKE, tags


def test_repeats_of_the_demo_have_one_silhouette_but_are_not_one_picture(
    alike: dict[str, NDArray[np.float64]],
) -> None:
    truth = demo_plan().truth()
    overlap = alike["frame"]
    assert [len(group) for group in truth.duplicates] == [3, 3]
    for first, *others in truth.duplicates:
        for other in others:
            assert 0.9 < overlap[first, other] < 1


@pytest.mark.slow
def test_every_cut_of_the_demo_can_be_seen() -> None:
    plan = demo_plan()

    def thumbnail(frame: int) -> NDArray[np.float32]:
        picture = cv2.resize(frame_at(plan, frame), (48, 27), interpolation=cv2.INTER_AREA)
        return picture.astype(np.float32)

    for cut in plan.truth().cuts:
        before, last, first = thumbnail(cut - 2), thumbnail(cut - 1), thumbnail(cut)
        across, within = np.abs(first - last).mean(), np.abs(last - before).mean()
        assert across > 18, cut
        assert across > 1.5 * within, cut


def test_a_found_pair_counts_in_either_order_and_through_a_repeat() -> None:
    truth = demo_plan().truth()
    index = {shot.tag: i for i, shot in enumerate(truth.shots)}
    candidates = [
        (index["moon"], index["cup"]),
        (index["ada 3"], index["stone head"]),
        (index["ada 2"], index["stone head"]),
        (index["cup"], index["clock small"]),
        (index["pan left city"], index["pan left coast"]),
    ]
    found, planted = planted_found(truth, "frame", candidates)
    assert found == ((index["cup"], index["moon"]), (index["ada 1"], index["stone head"]))
    assert planted == truth.planted["frame"]
    assert planted_found(truth, "camera", candidates)[0] == (candidates[4],)
    assert decoys_found(truth, "frame", candidates)[0] == (candidates[3],)
    assert planted_found(truth, "frame", [])[0] == ()


def test_the_editors_timeline_opens_and_its_clips_lie_in_the_media(tmp_path: Path) -> None:
    truth = demo_plan().truth()
    film, path = tmp_path / "demo.mp4", tmp_path / "edit.otio"
    write_timeline(truth, film, path)
    timeline = otio.adapters.read_from_file(str(path))
    (picture,), (sound,) = timeline.video_tracks(), timeline.audio_tracks()
    clips = list(picture.find_clips())
    assert len(clips) == 8
    assert sum(isinstance(item, otio.schema.Gap) for item in picture) == 1
    opens = otio.opentime.from_timecode("01:00:00:00", 24)
    for clip in [*clips, *sound.find_clips()]:
        assert clip.media_reference.target_url == film.resolve().as_uri()
        assert clip.available_range().start_time == opens
        ends = clip.source_range.end_time_exclusive()
        assert opens <= clip.source_range.start_time < ends
        assert ends <= clip.available_range().end_time_exclusive()
    for clip in clips:
        first = int((clip.source_range.start_time - opens).value)
        last = first + int(clip.source_range.duration.value) - 1
        assert truth.shot_at(first) == truth.shot_at(last)
        assert truth.shots[truth.shot_at(first)].tag in clip.name


def test_the_editors_timeline_holds_things_that_are_not_ours(tmp_path: Path) -> None:
    timeline = write_timeline(demo_plan().truth(), tmp_path / "demo.mp4", tmp_path / "edit.otio")
    (picture,) = timeline.video_tracks()
    (marker,) = picture[1].markers
    assert (marker.name, marker.color) == ("producer note", otio.schema.MarkerColor.GREEN)
    assert picture[1].source_range.contains(marker.marked_range)
    assert timeline.metadata["acme_edit"]["project"] == "The Quiet Coast"
    assert picture[0].metadata["acme_edit"]["circled"] is True
    assert picture[0].effects[0].effect_name == "acme.ColourWheels"


def test_a_timeline_on_a_film_without_timecode_counts_from_zero(
    small: FilmPlan, tmp_path: Path
) -> None:
    truth = replace(small.truth(), start_timecode=None)
    timeline = write_timeline(truth, tmp_path / "small.mp4", tmp_path / "edit.otio")
    (picture,) = timeline.video_tracks()
    first = picture[0]
    assert first.available_range().start_time.value == 0
    assert first.source_range.start_time.value == 13 + 4
