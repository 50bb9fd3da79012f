"""Builds the Blender plug-in: an extension for each system, and the add-on for Blender 3.4.

    python plugin/blender/build.py                      everything, into dist/blender
    python plugin/blender/build.py --system linux-x64   for one system

An extension is a zip with the plug-in and its wheels, those of `wheels.txt` and one made of the
client and the API's code. Each is checked by Blender's own validator where one is found: that of
`bpy` in `.venv-bpy` (`make hosts` makes it), or the file given by --validator. The add-on holds the
same packages unpacked. The same sources give the same bytes.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PLUGIN = HERE.parent / "matchcut_blender"
CARRIED = {"matchcut_client": ROOT / "plugin", "matchcut_api": ROOT / "proto"}
"""Packages of ours that the plug-in needs, and the folders that they lie in."""
SYSTEMS = {
    "linux-x64": (["linux-x64"], ["manylinux2014_x86_64", "manylinux_2_17_x86_64"]),
    "macos": (["macos-arm64", "macos-x64"], ["macosx_11_0_universal2", "macosx_10_9_universal2"]),
    "windows-x64": (["windows-x64"], ["win_amd64"]),
}
"""By the name of the zip: what Blender calls the system, and what wheels do."""
PYTHONS = ("311", "313")
LEGACY = "311"
"""The Python of the Blenders before extensions that the add-on is for."""
VALIDATOR = "bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py"

Files = dict[str, bytes]
"""What is in a zip, by the path in it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "blender")
    parser.add_argument("--system", action="append", choices=SYSTEMS, help="default: all of them")
    parser.add_argument("--validator", type=Path, help="Blender's blender_ext.py")
    asked = parser.parse_args()
    validator = asked.validator or next(
        ROOT.glob(f".venv-bpy/lib/*/site-packages/{VALIDATOR}"), None
    )
    client = client_wheel(version())
    for system in asked.system or SYSTEMS:
        wheels = {path.name: path.read_bytes() for path in downloaded(system, asked.out / "wheels")}
        extension = asked.out / f"matchcut-blender-{version()}-{system}.zip"
        write_zip(extension, extension_files(system, wheels | client))
        say(f"{extension}: the extension for Blender 4.2 and later")
        if validator is None:
            say("It is not checked by Blender's own validator: no bpy is in .venv-bpy.")
        else:
            subprocess.run([sys.executable, validator, "validate", extension], check=True)
        legacy = asked.out / f"matchcut-blender-{version()}-{system}-legacy.zip"
        write_zip(legacy, legacy_files(wheels | client))
        say(f"{legacy}: the add-on for Blender 3.4 to 4.1 with Python 3.11")


def version() -> str:
    """The plug-in's, as its manifest states it."""
    return str(manifest()["version"])


def manifest() -> dict[str, object]:
    return tomllib.loads((PLUGIN / "blender_manifest.toml").read_text(encoding="utf-8"))


def downloaded(system: str, folder: Path) -> list[Path]:
    """The wheels of `wheels.txt` for a system and each Python, from pip's index.

    pip refuses any whose digest is not the one that is written there.
    """
    found: dict[str, Path] = {}
    for python in PYTHONS:
        into = folder / f"{system}-{python}"
        command = [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", str(into)),
            *("--requirement", str(HERE / "wheels.txt"), "--implementation", "cp"),
            *("--python-version", python, "--abi", f"cp{python}", "--abi", "abi3", "--abi", "none"),
        ]
        for platform in SYSTEMS[system][1]:
            command += ["--platform", platform]
        subprocess.run(command, check=True)
        found |= {path.name: path for path in into.glob("*.whl") if stated(path.name)}
    return [found[name] for name in sorted(found)]


def stated(wheel: str) -> bool:
    """Whether a wheel is of a version in `wheels.txt`; older ones may lie in the folder."""
    name, number = wheel.split("-")[:2]
    text = (HERE / "wheels.txt").read_text(encoding="utf-8").replace("-", "_")
    return f"{name.replace('-', '_')}=={number}" in text


def client_wheel(number: str) -> Files:
    """The client and the API's code as a wheel, which has no dependencies of its own.

    Its version ends with a digest of its content: Blender unpacks a wheel once, and again only
    where its name is another.
    """
    files = {
        f"{name}/{path}": content
        for name, folder in CARRIED.items()
        for path, content in sources(folder / name)
    }
    digest = hashlib.sha256(b"".join(name.encode() + files[name] for name in sorted(files)))
    number = f"{number}+{digest.hexdigest()[:8]}"
    about = f"matchcut_client-{number}.dist-info"
    files[f"{about}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: matchcut-client\nVersion: {number}\nLicense: Apache-2.0\n"
    ).encode()
    files[f"{about}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: matchcut\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{about}/licenses/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    record = "".join(f"{name},{recorded(files[name])}\n" for name in sorted(files))
    files[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n".encode()
    return {f"matchcut_client-{number}-py3-none-any.whl": zipped(files)}


def recorded(content: bytes) -> str:
    """Digest and size, as a wheel's RECORD writes them."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"sha256={digest},{len(content)}"


def extension_files(system: str, wheels: Files) -> Files:
    """The plug-in with its manifest, which names the wheels and the systems, and the wheels."""
    files = dict(sources(PLUGIN)) | {"LICENSE.md": (PLUGIN / "LICENSE.md").read_bytes()}
    head, permissions, tail = (
        (PLUGIN / "blender_manifest.toml").read_text(encoding="utf-8").partition("[permissions]")
    )
    listed = "".join(f'  "./wheels/{name}",\n' for name in sorted(wheels))
    systems = ", ".join(f'"{name}"' for name in SYSTEMS[system][0])
    carried = f"platforms = [{systems}]\nwheels = [\n{listed}]\n\n"
    files["blender_manifest.toml"] = (head + carried + permissions + tail).encode()
    return files | {f"wheels/{name}": wheels[name] for name in wheels}


def legacy_files(wheels: Files) -> Files:
    """The plug-in in a folder of its name, with the packages unpacked into `carried`."""
    files = dict(sources(PLUGIN)) | {"LICENSE.md": (PLUGIN / "LICENSE.md").read_bytes()}
    for name in sorted(wheels):
        python, abi = name.removesuffix(".whl").split("-")[-3:-1]
        if python in ("py3", f"cp{LEGACY}") or abi == "abi3":
            with zipfile.ZipFile(io.BytesIO(wheels[name])) as wheel:
                for inner in wheel.namelist():
                    files[f"carried/{inner}"] = wheel.read(inner)
    return {f"{PLUGIN.name}/{name}": content for name, content in files.items()}


def sources(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The code below a folder, by its path in it."""
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def zipped(files: Files) -> bytes:
    """A zip that is the same for the same files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            packed = name.endswith(".whl")
            how = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), files[name], how)
    return written.getvalue()


def write_zip(path: Path, files: Files) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(files))


def say(*sentences: str) -> None:
    sys.stdout.write("".join(f"{sentence}\n" for sentence in sentences))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
