"""The API's .proto files: documented, named as the style guide says, and generated code fresh."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from google.protobuf import descriptor_pool

from matchcut.server.failures import families
from matchcut_api.v1 import library_pb2, match_pb2, media_pb2, operation_pb2, verdict_pb2

PROTO = Path(__file__).resolve().parents[2] / "proto"
FILES = sorted((PROTO / "matchcut_api" / "v1").glob("*.proto"))
MODULES = (library_pb2, match_pb2, media_pb2, operation_pb2, verdict_pb2)
DECLARATION = re.compile(
    r"^\s*(?:rpc|message|enum|service|oneof)\s+(\w+)|^\s*(?:[\w.<>, ]+)\s+(\w+)\s*=\s*\d+;"
)


def load_generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", PROTO / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def declarations(path: Path) -> list[tuple[str, list[str], str]]:
    """Each declaration of a file: its name, the comment lines right above it, and its own line."""
    found: list[tuple[str, list[str], str]] = []
    comment: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip().startswith("//"):
            comment.append(line.strip().removeprefix("//").strip())
            continue
        named = DECLARATION.match(line)
        if named:
            found.append((named.group(1) or named.group(2), comment, line))
        comment = []
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_everything_in_the_api_says_what_it_is(path: Path) -> None:
    declared = declarations(path)
    assert len(declared) > 5
    assert [name for name, comment, _ in declared if not comment] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_comments_of_calls_claim_and_end_as_sentences(path: Path) -> None:
    for name, comment, line in declarations(path):
        assert comment[-1].rstrip(")").endswith("."), name
        if line.strip().startswith("rpc"):
            assert re.match(r"[A-Z]\w+s ", comment[0]), f"{name} does not say what it does"


def test_every_call_with_errors_of_its_own_lists_them() -> None:
    silent = [
        name
        for path in FILES
        for name, comment, line in declarations(path)
        if line.strip().startswith("rpc") and not any("Errors:" in each for each in comment)
    ]
    assert silent == ["GetServerInfo"]


def test_every_reason_the_comments_name_is_one_that_exists() -> None:
    own = {
        "TOKEN_MISSING",
        "TOKEN_WRONG",
        "TOO_MANY_WATCHERS",
        "QUEUE_FULL",
        "SIDECAR_STOPPING",
        "UPPER_SNAKE",
    }
    codes = {
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "FAILED_PRECONDITION",
        "RESOURCE_EXHAUSTED",
        "UNAUTHENTICATED",
        "UNAVAILABLE",
    }
    known = own | codes | {kind.reason for kind in families()}
    for path in FILES:
        text = "\n".join(
            line for _, comment, _ in declarations(path) for line in comment if comment
        )
        words = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", text))
        assert {word for word in words - known if not word.startswith("OPERATION_STATE_")} == set()


def test_numbers_carry_their_unit_in_their_name() -> None:
    unit = re.compile(
        r"(_pts|pts|_seconds|_fps|_count|_frame|_pixels|_degrees|_index|_size|_score|_aspect|_decades|_widths)$"
        r"|^(rank|score|scale|weight|code|pid|numerator|denominator)$"
    )
    nameless = [
        f"{message.full_name}.{field.name}"
        for module in MODULES
        for message in module.DESCRIPTOR.message_types_by_name.values()
        for field in message.fields
        if field.cpp_type
        in (
            field.CPPTYPE_INT32,
            field.CPPTYPE_INT64,
            field.CPPTYPE_DOUBLE,
        )
        and not unit.search(field.name)
    ]
    assert nameless == []


def test_the_package_carries_its_major_version() -> None:
    pool = descriptor_pool.Default()
    for path in FILES:
        file = pool.FindFileByName(path.relative_to(PROTO).as_posix())
        assert file.package == "matchcut_api.v1"


def test_the_committed_code_is_what_the_protos_generate() -> None:
    generator = load_generator()
    missing = generator.generator_missing()
    if missing is not None:
        pytest.skip(missing)
    assert generator.stale() == []
