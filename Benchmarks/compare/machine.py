"""Where a run took place, and with which versions."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import time

from .paths import BENCHMARKS, PEERS

#: The Debian packages whose versions tell what a contestant was.
_PACKAGES = {
    "cpp-grpc": "libgrpc++-dev", "grpc-go": "golang-google-grpc-dev", "ttrpc-go": "golang-github-containerd-ttrpc-dev",
    "nghttpd": "nghttp2-server", "h2load": "nghttp2-client"}

#: The part of its time that a machine with nothing to do is idle at least.
_LEAST_IDLE = 0.9


def machine() -> dict[str, object]:
    cpu = re.search(r"^model name\s*:\s*(.+)$", _text("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+) kB", _text("/proc/meminfo"), re.MULTILINE)
    system = re.search(r'^PRETTY_NAME="?([^"\n]*)', _text("/etc/os-release"), re.MULTILINE)
    return {
        "cpu": cpu.group(1) if cpu else platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(memory.group(1)) / (1 << 20), 1) if memory else None,
        # What a distributor or a host calls its own build says nothing to others.
        "kernel": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "system": system.group(1) if system else platform.platform(),
    }


def versions() -> dict[str, str]:
    """Of each contestant and of what they are built with, as far as they are there."""
    found = {
        "martlet": _output("git", "-C", str(BENCHMARKS), "describe", "--always", "--dirty"),
        "swift": _first(r"Swift version (\S+)", _output("swift", "--version")),
        "grpc-swift-2": _first(
            r'grpc-swift-2", exact: "([^"]+)"', _text(str(PEERS / "grpc-swift" / "Package.swift"))),
        "go": _first(r"go version go(\S+)", _output("go", "version")),
        "g++": _output("g++", "-dumpfullversion"),
    }
    for name, package in _PACKAGES.items():
        found[name] = _output("dpkg-query", "--show", "--showformat=${Version}", package)
    return {name: version for name, version in found.items() if version}


def is_busy() -> bool:
    """Whether others compute, so that figures mean little. It takes a second to see that."""
    idle_before, all_before = _ticks()
    time.sleep(1)
    idle_after, all_after = _ticks()
    return idle_after - idle_before < _LEAST_IDLE * (all_after - all_before)


def _ticks() -> tuple[int, int]:
    """CPU time of all cores since the machine's start: idle, and in all."""
    times = [int(number) for number in _text("/proc/stat").splitlines()[0].split()[1:9]]
    # The fourth is idle, the fifth idle while a disk works.
    return times[3] + times[4], sum(times)


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found.group(1) if found else ""


def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else ""


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""
