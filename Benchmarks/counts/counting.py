"""Runs martlet-bench beneath something that counts."""

from __future__ import annotations

import os
import re
import socket
import struct
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Mapping, Sequence

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
    #: What is counted: unary calls, or messages that a server streams to a client.
    load: str = "calls"

    @property
    def fewest(self) -> int:
        """Enough for what threads do besides to be lost among them."""
        return 10_000 if self.load == "messages" else max(400, 8 * self.in_flight)


class Counter:
    """Counts for one build of martlet-bench, without its debug information, which valgrind may not be able to read."""

    def __init__(self, bench: Path, allocations: Path, folder: Path):
        self._bench, self._allocations, self._folder = folder / "martlet-bench", allocations, folder
        subprocess.run(["objcopy", "--strip-debug", bench, self._bench], check=True)

    def each(self, kind: str, way: Way) -> float:
        """What a call or a message costs: the difference of two runs, which leaves those alone."""
        few, many = way.fewest, 3 * way.fewest
        if kind == "instructions":
            return (self._instructions(way, many) - self._instructions(way, few)) / (many - few)
        # On the pool, threads that meet make some more: the least of three runs is what calls need.
        fewest = [min(self._heap_allocations(way, count) for _ in range(3)) for count in (few, many)]
        return (fewest[1] - fewest[0]) / (many - few)

    def _instructions(self, way: Way, count: int) -> int:
        out = self._folder / "callgrind.out"
        self._run(["valgrind", "--tool=callgrind", "-q", f"--callgrind-out-file={out}"], {}, way, count)
        found = re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.MULTILINE)
        if not found:
            raise ServerFailed(f"callgrind left no sum in {out}")
        return int(found[1])

    def _heap_allocations(self, way: Way, count: int) -> int:
        with tempfile.NamedTemporaryFile(dir=self._folder) as counter:
            counter.write(bytes(8))
            counter.flush()
            self._run([], {"LD_PRELOAD": str(self._allocations), "ALLOCATIONS": counter.name}, way, count)
            return struct.unpack("N", Path(counter.name).read_bytes())[0]

    def _run(self, beneath: list[str], environment: dict[str, str], way: Way, count: int) -> None:
        if way.side == "server":
            with self._server(way.options, beneath, environment) as port:
                if way.load == "messages":
                    self._client(port, way, count, ("--callers", "loop"))
                else:
                    batches.call(port, way.wire, way.in_flight, count)
        elif way.load == "messages":
            with self._server() as port:
                self._client(port, way, count, way.options, beneath, environment)
        else:
            with socket.create_server(("127.0.0.1", 0)) as listener:
                listener.settimeout(_PATIENCE)
                threading.Thread(target=batches.answer, args=(listener, way.wire, way.in_flight), daemon=True).start()
                self._client(listener.getsockname()[1], way, count, way.options, beneath, environment)

    @contextmanager
    def _server(
            self, options: Sequence[str] = (), beneath: Sequence[str] = (), environment: Mapping[str, str] = {},
    ) -> Iterator[int]:
        port = free_port()
        with Server([*beneath, str(self._bench), "server", str(port), *options], dict(environment)) as server:
            server.wait_until_listening(port)
            yield port
            server.end()

    def _client(
            self, port: int, way: Way, count: int, options: Sequence[str], beneath: Sequence[str] = (),
            environment: Mapping[str, str] = {},
    ) -> None:
        streamed = ["--streamed"] if way.load == "messages" else []
        ended = subprocess.run(
            [*beneath, str(self._bench), "calls", str(port), str(way.in_flight), str(count), "--wire", way.wire,
             *streamed, *options],
            env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_PATIENCE)
        if ended.returncode:
            raise ServerFailed(f"the client ended with status {ended.returncode}: {last_words(ended.stderr)}")
