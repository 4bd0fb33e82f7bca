#!/bin/sh
# Resolve pyproject.toml into the two hashed locks, with uv in a folder that is thrown away: .ci/lock.sh [--upgrade]
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"${PYTHON:-python3}" -m venv "$folder"
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'

# What to leave out is in pyproject.toml under [tool.uv]. No index address: a lock works with any registry.
resolve() {
    "$folder/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-header "$@"
}
resolve "$@" -o requirements.lock
resolve "$@" --extra dev -c requirements.lock -o requirements-dev.lock
echo "requirements.lock and requirements-dev.lock are resolved."
