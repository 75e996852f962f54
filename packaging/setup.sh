#!/bin/sh
# Makes the virtual environment of this checkout ready: Python packages by hash, and the system libraries that Qt needs.
# Does nothing when nothing changed. Installs system packages only as root on a system with apt; else says what to run.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE  # without compiled files the program starts half as fast

venv=.venv
wanted=$(cat requirements/dev.txt packaging/setup.sh | cksum)
[ "$(cat $venv/.ready 2>/dev/null || true)" = "$wanted" ] && exit 0

python=
for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Kabinet needs Python 3.11, 3.12 or 3.13, and none was found. Install one and run this again." >&2
    exit 1
fi

apt_install() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get -qq update >/dev/null
        apt-get -qq install -y --no-install-recommends "$@" >/dev/null
    else
        echo "Some system packages are missing. Run this once, then try again:" >&2
        echo "    sudo apt-get install --no-install-recommends $*" >&2
        return 1
    fi
}

echo "Setting up: this takes a minute or two the first time."
if [ ! -x $venv/bin/python ] || ! $venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf $venv
    "$python" -m venv $venv >/dev/null 2>&1 || {
        rm -rf $venv
        "$python" -m virtualenv -q $venv >/dev/null 2>&1 || {
            apt_install python3-venv
            "$python" -m venv $venv
        }
    }
fi
$venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt

if ! QT_QPA_PLATFORM=offscreen $venv/bin/python -c \
    'from PySide6.QtWidgets import QApplication; from PySide6 import QtSvg, QtPrintSupport; QApplication([])' >/dev/null 2>&1; then
    apt_install libgl1 libegl1 libglib2.0-0 libxkbcommon0 libfontconfig1 libdbus-1-3 \
        libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0
fi
echo "$wanted" > $venv/.ready
