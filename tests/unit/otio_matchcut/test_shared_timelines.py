"""Every timeline of other applications, of every format, that lies beside the project.

They are third-party files and no part of the project; without them these tests are skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from otio_matchcut.locate import locate
from otio_matchcut.readers import suffixes
from otio_matchcut.reading import read
from tests.benchmarks.timelines import FOLDER, files, row_of

REFUSED = {
    "edl/dissolve_test_fail.edl": "one of its events is incomplete",
    "edl/timecode_mismatch.edl": "source and record duration don't match",
    "fcp7xml/premiere_example_filter.xml": "no timeline of a kind that is known",
    "fcpx_adapter/fcpx_clips.fcpxml": "holds no project",
    "resolve_fcpxml/Timeline 1.fcpxml": "states no frame rate",
}
SOUND = {
    "aaf/one_audio_clip.aaf",
    "edl/multi_audio.edl",
    "fcp_exports/AudioOnly.fcpxml",
    "tlrender/AudioTones.otio",
}
EMPTY = {"fcp7xml/sample_just_track.xml"}

pytestmark = pytest.mark.skipif(
    not files(), reason="there are no timelines of other applications in ../shared/assets/timelines"
)


READ = [path for path in files() if path.suffix.lower() in suffixes()]


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(FOLDER)))
def test_it_is_marked_and_written_back_without_loss_or_refused(path: Path, tmp_path: Path) -> None:
    row = row_of(path, tmp_path)
    if row.file in REFUSED:
        assert REFUSED[row.file] in row.refused
        return
    assert row.refused == ""
    assert row.equal
    assert row.markers == 2 * min(3, row.clips)
    assert (row.clips == 0) == (row.file in SOUND | EMPTY)


def _frames(name: str, *spans: tuple[int, int]) -> list[int]:
    path = FOLDER / "aaf" / name
    timeline = read(path)
    return [
        locate(timeline, base=path.parent, clip=None, at=str(frame)).source_timecode_frame
        for start, end in spans
        for frame in range(start, end)
    ]


def test_retimes_of_media_composer_show_the_frames_that_its_own_render_shows() -> None:
    # Read from the numbers in the pictures of video/odd/misc_speed_effects_tc.mov, which leaves
    # two clips of the timeline out and ends with a curve that cannot be read from it.
    assert _frames("misc_speed_effects.aaf", (0, 32), (48, 72)) == [
        *range(24, 32),
        *[32] * 8,
        *range(0, 16, 2),
        *[0, 0, 1, 1, 2, 2, 3, 3],
        *[86400, 86414, 86428, 86443, 86457, 86471, 86486, 86500],
        *[86420, 86420, 86420, 86421, 86421, 86421, 86422, 86422],
        *range(86431, 86423, -1),
    ]
    # From those of video/odd/speed_fx_render_sar_3_4_tc.mov.
    assert _frames("linear_speed_effects.aaf", (0, 50)) == [
        *[0] * 10,
        *[0, 0, 1, 0, 0, 1, 0, 0, 1, 1],
        *[0, 0, 1, 0, 1, 2, 0, 0, 1, 2],
        *[0, 0, 2, 0, 1, 2, 0, 1, 2, 3],
        *[0, 0, 2, 0, 1, 3, 0, 1, 2, 3],
    ]
