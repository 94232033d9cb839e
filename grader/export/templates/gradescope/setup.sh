#!/usr/bin/env bash
# Runs once, as root, when the image is built, on a bare Ubuntu 22.04 or 24.04. The grader gets a Python of its own with
# PyTorch for the CPU alone; the system's Python, which the platform uses itself, stays as it is.
set -euo pipefail
source="$(cd "$(dirname "$0")" && pwd)"
export DEBIAN_FRONTEND=noninteractive
export UV_PYTHON_INSTALL_DIR="${GRADER_HOME:-/opt/grader}/python"  # where others than root may read it, who run students' code
export UV_CACHE_DIR=/tmp/uv-cache UV_LINK_MODE=copy
home="${GRADER_HOME:-/opt/grader}"

if ! command -v uv >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends python3-venv ca-certificates
    python3 -m venv "$home/uv"
    "$home/uv/bin/pip" install --quiet uv
    PATH="$home/uv/bin:$PATH"
fi
uv venv --quiet --python 3.12 "$home/environment"
uv pip install --quiet --python "$home/environment/bin/python" --torch-backend "${GRADER_TORCH:-cpu}" -r "$source/kit/pyproject.toml"
rm -rf "$UV_CACHE_DIR"

# Nobody but root reads the solutions. Then all of the course's own answers are worked out, once, for every submission.
chmod -R go-rwx "$source"
"$home/environment/bin/python" "$source/grade.py" --prepare
