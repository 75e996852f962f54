#!/bin/sh
# Builds dist/kabinet (a folder that runs without Python) and packs it; then asks the built program to test itself.
set -eu
cd "$(dirname "$0")/.."
command -v objdump >/dev/null 2>&1 || {
    [ "$(id -u)" = 0 ] && apt-get -qq install -y --no-install-recommends binutils >/dev/null ||
        { echo "Building needs binutils: sudo apt-get install binutils" >&2; exit 1; }
}
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)} PYTHONHASHSEED=0
.venv/bin/python -m translations.check >/dev/null
.venv/bin/python -m PyInstaller --noconfirm --clean --log-level ERROR --distpath dist --workpath build packaging/kabinet.spec
cp packaging/linux/kabinet.desktop packaging/linux/kabinet.metainfo.xml resources/icons/kabinet.svg dist/kabinet/
QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen} dist/kabinet/kabinet --self-test
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -czf dist/kabinet-linux.tar.gz -C dist kabinet
du -sh dist/kabinet dist/kabinet-linux.tar.gz
