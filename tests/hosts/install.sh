#!/usr/bin/env bash
# Installs the editing applications that `pytest -m hosts` runs, where that can be done here. What
# cannot be had is said in a sentence, and the tests that need it are skipped with another.
set -euo pipefail
cd "$(dirname "$0")/../.."

BPY=5.0.1 # the newest for Python 3.11

missing=()
for package in melt blender xvfb:Xvfb xauth; do
  command -v "${package#*:}" >/dev/null || missing+=("${package%:*}")
done
if ((${#missing[@]})); then
  if command -v apt-get >/dev/null && (($(id -u) == 0)); then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -qq -y --no-install-recommends "${missing[@]}"; } >&2 \
      || echo "apt-get could not install ${missing[*]}: what needs them is skipped." >&2
  else
    echo "Not installed here: ${missing[*]}. As root: apt-get install ${missing[*]}" >&2
  fi
fi

if ! .venv-bpy/bin/python -c 'import importlib.metadata as m, sys; sys.exit(m.version("bpy") != sys.argv[1])' \
  "$BPY" 2>/dev/null; then
  if command -v python3.11 >/dev/null; then
    echo "Setting up .venv-bpy: a gigabyte, half a minute." >&2
    rm -rf .venv-bpy
    python3.11 -m venv .venv-bpy
    .venv-bpy/bin/python -m pip install --quiet --disable-pip-version-check "bpy==$BPY" \
      || echo "pip could not install bpy $BPY: the tests of the extension are skipped." >&2
  else
    echo "bpy $BPY needs Python 3.11, which is not here: the tests of the extension are skipped." >&2
  fi
fi
