#!/bin/sh
# Renews the lock files. They hold versions and hashes and never an index address.
set -eu
cd "$(dirname "$0")/.."
options="--universal --generate-hashes --no-header --no-annotate --quiet"
uv pip compile pyproject.toml --extra provider --extra dev $options -o requirements/dev.txt
uv pip compile pyproject.toml $options -c requirements/dev.txt -o requirements/client.txt
uv pip compile pyproject.toml --extra provider $options -c requirements/dev.txt -o requirements/provider.txt
if grep -nE '://|--(extra-)?index-url' requirements/*.txt; then
    echo "An address got into a lock file." >&2
    exit 1
fi
