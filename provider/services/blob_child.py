"""The limited process that parses an uploaded document: ``python -m provider.services.blob_child FILE TYPE CLEANED``.

It writes ``ok`` or the code of a problem, and ends as it likes where a parser does: the caller takes that for damage.
Pictures are written anew to CLEANED: what is kept holds pixels and
nothing else, neither the place where a photograph was taken nor a second file hidden behind it.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from models.domain.attachments import JPEG, MAX_PIXELS, PDF

MEMORY_BYTES: Final = 768 * 1024 * 1024
CPU_SECONDS: Final = 20
_FILE_BYTES: Final = 64 * 1024 * 1024
_MOST_OBJECTS: Final = 200_000
_MOST_PAGES: Final = 500
_TAIL: Final = 2_048
_ACTIVE: Final = frozenset(
    {
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/EF",
        "/XFA",
        "/RichMedia",
        "/ImportData",
        "/SubmitForm",
        "/GoToE",
        "/GoToR",
        "/Movie",
        "/Sound",
        "/Rendition",
    }
)
_NAMES: Final = frozenset({"/S", "/Type", "/Subtype"})


class Refused(Exception):
    """A document that is not accepted; its text is the problem's code."""


def limit_resources() -> None:
    """Cap memory, processor time and written bytes of this process where the operating system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check_picture(path: Path, media_type: str, cleaned: Path) -> None:
    """Write a picture anew without anything but its pixels; raises :class:`Refused`."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=("JPEG",) if media_type == JPEG else ("PNG",)) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused("image-too-large")
            opened.load()
            ImageOps.exif_transpose(opened, in_place=True)
            if media_type == JPEG:
                kept = opened if opened.mode in ("L", "RGB") else opened.convert("RGB")
                kept.info.clear()
                kept.save(cleaned, "JPEG", quality=90)
            else:
                kept = opened if opened.mode in ("1", "L", "LA", "RGB", "RGBA") else opened.convert("RGBA")
                kept.info.clear()
                kept.save(cleaned, "PNG")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise Refused("image-too-large") from None


def check_pdf(path: Path) -> None:
    """Accept a PDF that two readers can open and that does nothing by itself; raises :class:`Refused`."""
    import pypdf
    import pypdfium2

    data = path.read_bytes()
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :].strip(b"\r\n\t\f \0") or len(data) - end > _TAIL:
        raise Refused("file-damaged")  # cut off, or another file hangs behind it
    reader = pypdf.PdfReader(path, strict=False)
    if reader.is_encrypted or "/Encrypt" in reader.trailer:
        raise Refused("file-encrypted")
    for item in _objects(reader):
        if _is_active(item):
            raise Refused("file-active")
    if not 1 <= len(reader.pages) <= _MOST_PAGES:
        raise Refused("file-damaged")
    document = pypdfium2.PdfDocument(data)
    try:
        if len(document) != len(reader.pages):
            raise Refused("file-damaged")
        document[0].render(scale=0.2)
    finally:
        document.close()


def _objects(reader: Any) -> Iterator[Any]:
    """Yield every dictionary that the document refers to, once; raises :class:`Refused` when there are too many."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [reader.trailer]
    count = 0
    while waiting:
        item = waiting.pop()
        count += 1
        if count > 10 * _MOST_OBJECTS or len(seen) > _MOST_OBJECTS:
            raise Refused("file-damaged")
        if isinstance(item, IndirectObject):
            key = (item.idnum, item.generation)
            if key not in seen:
                seen.add(key)
                waiting.append(item.get_object())
        elif isinstance(item, DictionaryObject):
            yield item
            waiting.extend(item.raw_get(name) for name in item)
        elif isinstance(item, ArrayObject):
            waiting.extend(list.__iter__(item))


def _is_active(item: Any) -> bool:
    if _ACTIVE & {str(name) for name in item}:
        return True
    return any(str(item.raw_get(name)) in _ACTIVE for name in _NAMES if name in item)


def main() -> None:
    """Check the file of the arguments and print what came of it."""
    path, media_type, cleaned = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    limit_resources()
    try:
        if media_type == PDF:
            check_pdf(path)
        else:
            check_picture(path, media_type, cleaned)
    except Refused as refused:
        sys.stdout.write(str(refused))
    else:
        sys.stdout.write("ok")


if __name__ == "__main__":
    main()
