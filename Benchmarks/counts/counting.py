"""Runs martlet-bench beneath something that counts."""

from __future__ import annotations

import os
import re
import socket
import struct
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from compare.processes import Server, ServerFailed, free_port, last_words

from . import batches

#: How long a client may take, in seconds.
_PATIENCE = 120


@dataclass(frozen=True)
class Way:
    """One way through the code: a server, or a client with its options."""

    side: str
    wire: str
    in_flight: int
    options: tuple[str, ...] = ()

    @property
    def fewest_calls(self) -> int:
        """Enough for what threads do besides to be lost among them."""
        return max(400, 8 * self.in_flight)


class Counter:
    """Counts for one build of martlet-bench, without its debug information, which valgrind may not be able to read."""

    def __init__(self, bench: Path, allocations: Path, folder: Path):
        self._bench, self._allocations, self._folder = folder / "martlet-bench", allocations, folder
        subprocess.run(["objcopy", "--strip-debug", bench, self._bench], check=True)

    def per_call(self, kind: str, way: Way) -> float:
        """The difference of two runs, which leaves the calls alone."""
        count = {"instructions": self._instructions, "allocations": self._heap_allocations}[kind]
        few, many = way.fewest_calls, 3 * way.fewest_calls
        return (count(way, many) - count(way, few)) / (many - few)

    def _instructions(self, way: Way, calls: int) -> int:
        out = self._folder / "callgrind.out"
        self._run(["valgrind", "--tool=callgrind", "-q", f"--callgrind-out-file={out}"], {}, way, calls)
        found = re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.MULTILINE)
        if not found:
            raise ServerFailed(f"callgrind left no sum in {out}")
        return int(found[1])

    def _heap_allocations(self, way: Way, calls: int) -> int:
        with tempfile.NamedTemporaryFile(dir=self._folder) as counter:
            counter.write(bytes(8))
            counter.flush()
            self._run([], {"LD_PRELOAD": str(self._allocations), "ALLOCATIONS": counter.name}, way, calls)
            return struct.unpack("N", Path(counter.name).read_bytes())[0]

    def _run(self, beneath: list[str], environment: dict[str, str], way: Way, calls: int) -> None:
        if way.side == "server":
            port = free_port()
            with Server([*beneath, str(self._bench), "server", str(port), *way.options], environment) as server:
                server.wait_until_listening(port)
                batches.call(port, way.wire, way.in_flight, calls)
                server.end()
            return
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(_PATIENCE)
            threading.Thread(target=batches.answer, args=(listener, way.wire, way.in_flight), daemon=True).start()
            numbers = [listener.getsockname()[1], way.in_flight, calls]
            ended = subprocess.run(
                [*beneath, str(self._bench), "calls", *map(str, numbers), "--wire", way.wire, *way.options],
                env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                timeout=_PATIENCE)
        if ended.returncode:
            raise ServerFailed(f"the client ended with status {ended.returncode}: {last_words(ended.stderr)}")
