"""Makes the committed code of `matchcut_api.v1` from its .proto files, or checks that it is fresh.

    python proto/generate.py            writes the code beside the .proto files
    python proto/generate.py --check    writes nothing; fails where the committed code differs

The code is made by one version of grpcio-tools, because each version writes different code and the
code refuses to load under an older protobuf or grpcio than the one it was made for.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PACKAGE = Path("matchcut_api/v1")
GRPC_TOOLS = "1.85.1"
"""The version of grpcio-tools that makes the committed code."""
GENERATED = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py")


def generator_missing() -> str | None:
    """A sentence on why the generator cannot be used here, or None where it can."""
    try:
        found = version("grpcio-tools")
    except PackageNotFoundError:
        return f"grpcio-tools is not installed; run `pip install grpcio-tools=={GRPC_TOOLS}`."
    if found != GRPC_TOOLS:
        return (
            f"The committed code is made with grpcio-tools {GRPC_TOOLS}, but {found} is installed; "
            f"run `pip install grpcio-tools=={GRPC_TOOLS}`."
        )
    return None


def generate(folder: Path) -> None:
    """Writes the code of every .proto file under `folder`, in the package's own folders.

    Raises:
        SystemExit: protoc refused a file; it has said why on stderr.
    """
    protos = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / PACKAGE).glob("*.proto"))
    command = [sys.executable, "-m", "grpc_tools.protoc", "-I."]
    command += [f"--{kind}_out={folder}" for kind in ("python", "pyi", "grpc_python")]
    done = subprocess.run([*command, *protos], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise SystemExit(done.returncode)


def generated(folder: Path) -> dict[str, bytes]:
    """The generated files of the package under `folder`, by name."""
    return {
        path.name: path.read_bytes()
        for pattern in GENERATED
        for path in sorted((folder / PACKAGE).glob(pattern))
    }


def stale() -> list[str]:
    """Names of the generated files that are missing, superfluous, or unlike what is made now."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        fresh = generated(Path(folder))
    committed = generated(ROOT)
    return sorted(name for name in fresh | committed if fresh.get(name) != committed.get(name))


def main() -> int:
    """Exit code 0 where the code was written or is fresh, 1 where it is stale or cannot be made."""
    parser = argparse.ArgumentParser(description="Makes or checks the code of matchcut_api.v1.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if not fresh")
    check = parser.parse_args().check
    missing = generator_missing()
    if missing is not None:
        sys.stderr.write(f"{missing}\n")
        return 1
    if not check:
        generate(ROOT)
        return 0
    names = stale()
    if names:
        sys.stderr.write(f"Not fresh: {', '.join(names)}. Run `python proto/generate.py`.\n")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
