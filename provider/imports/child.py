"""The limited process that parses a file for :mod:`provider.imports.tables`: ``python -m provider.imports.child``."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from provider.imports.formats import Refusal, open_table

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 120
BATCH_ROWS = 2_000


def limit_resources() -> None:
    """Cap memory and processor time of this process where the operating system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def send(output: BinaryIO, frame: dict[str, Any]) -> None:
    """Write one frame: its length in four bytes, then MessagePack."""
    body = msgspec.msgpack.encode(frame)
    output.write(struct.pack(">I", len(body)))
    output.write(body)
    output.flush()


def batches(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield rows in lists of at most ``BATCH_ROWS``."""
    batch: list[tuple[int, list[str]]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def main() -> None:
    """Parse the file named in the request and send its header, its rows in batches, and an end mark or a refusal."""
    request = msgspec.json.decode(sys.argv[1].encode())
    output = sys.stdout.buffer
    limit_resources()
    try:
        table = open_table(
            Path(request["path"]),
            encoding=request["encoding"],
            delimiter=request["delimiter"],
            sheet=request["sheet"],
            country=request["country"],
        )
        send(
            output,
            {
                "header": table.header,
                "format": table.format,
                "encoding": table.encoding,
                "delimiter": table.delimiter,
            },
        )
        for batch in batches(table.rows):
            send(output, {"rows": batch})
        send(output, {"end": True})
    except Refusal as refusal:
        send(output, {"problem": refusal.code, "values": refusal.values})
    except MemoryError:
        send(output, {"problem": "import-unpacks-too-large", "values": {}})


if __name__ == "__main__":
    main()
