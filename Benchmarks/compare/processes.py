"""Servers that are started, looked at in /proc, and always stopped."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import tempfile
import time

#: How long a server may take to listen, in seconds.
PATIENCE = 10

#: Letters of what is told of a failure.
_MOST_WORDS = 500
_TICKS = os.sysconf("SC_CLK_TCK")
#: The state of a listening socket in /proc/net/tcp.
_LISTENS = "0A"


class ServerFailed(Exception):
    """A server ended, or never listened; the text has its last words."""


class Server:
    """A server's process, which is there between `with` and its end."""

    def __init__(self, command: list[str], environment: dict[str, str] | None = None):
        """`environment` is added to this program's own."""
        self.started = time.perf_counter()
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._errors,
            env=os.environ | (environment or {}))
        self.pid = self._process.pid

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_) -> None:
        # Nothing of it is kept, so it needn't say farewell to its clients.
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def require_alive(self) -> None:
        status = self._process.poll()
        if status is not None:
            self._errors.seek(0)
            words = last_words(self._errors.read().decode(errors="replace"))
            raise ServerFailed(f"the server ended with status {status}: {words}")

    def end(self) -> None:
        """Lets it end by itself, as whoever counts beneath it needs."""
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise ServerFailed(f"the server didn't end within {PATIENCE} s of SIGTERM") from None
        if self._process.returncode:
            self.require_alive()

    def wait_until_listening(self, port: int) -> None:
        """Asks the kernel, not the server, so that the first connection is still to come."""
        while not _is_listening(port):
            self.require_alive()
            if time.perf_counter() - self.started > PATIENCE:
                raise ServerFailed(f"the server didn't listen within {PATIENCE} s")
            time.sleep(0.005)

    @property
    def cpu_seconds(self) -> float:
        fields = _read(f"/proc/{self.pid}/stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    @property
    def resident_kib(self) -> int:
        return self._status("VmRSS")

    @property
    def peak_kib(self) -> int:
        return self._status("VmHWM")

    def _status(self, name: str) -> int:
        found = re.search(rf"^{name}:\s+(\d+) kB", _read(f"/proc/{self.pid}/status"), re.MULTILINE)
        self.require_alive()
        return int(found.group(1)) if found else 0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def last_words(text: str) -> str:
    """The end of what a program said, on one line."""
    words = " / ".join(text.strip().splitlines()[-4:]) or "it said nothing"
    return words if len(words) <= _MOST_WORDS else f"…{words[-_MOST_WORDS:]}"


def machine_ticks() -> tuple[int, int]:
    """All of the machine's CPU time so far and the part that its host took away, in ticks."""
    times = [int(number) for number in _read("/proc/stat").splitlines()[0].split()[1:9]]
    return sum(times), times[7]


def end_with_exceptions() -> None:
    """Makes the signals that would end this program raise, so that whatever it has started is stopped."""
    def end(number, _):
        raise SystemExit(128 + number)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _is_listening(port: int) -> bool:
    # Who listens on an IPv6 socket takes IPv4 too.
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in _read(table).splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            if state == _LISTENS and int(local.rpartition(":")[2], 16) == port:
                return True
    return False


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""
