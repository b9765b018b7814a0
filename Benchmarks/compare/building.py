"""Builds the programs, and tells who can take part."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Sequence, TextIO

from .contestants import Contestant
from .messages import PATH
from .paths import ALLOCATIONS, ALLOCATIONS_SOURCE, BENCHMARKS, BUILT_PEERS, DOCUMENTS, PEERS
from .processes import last_words
from .scenarios import Kind, Scenario

#: As one builds for production: with Swift's libraries linked in, calls are faster and starts are much faster.
_SWIFT_BUILD = ["swift", "build", "-c", "release", "--static-swift-stdlib"]


class BuildFailed(Exception):
    """What Martlet's own programs lack. Without them there is nothing to compare."""


def build(contestants: Sequence[Contestant], scenarios: Sequence[Scenario], with_peers: bool) -> dict[str, str]:
    """Builds what the scenarios take. Gives the reason for each contestant that can't take part.

    Without `with_peers`, peers must have been built before.
    """
    _build_martlet(any(scenario.tls for scenario in scenarios))
    _write_document()
    if any(scenario.kind is Kind.ALLOCATIONS for scenario in scenarios):
        _step("Building what counts allocations", [
            "clang", "-O2", "-shared", "-fPIC", "-o", str(ALLOCATIONS), str(ALLOCATIONS_SOURCE)])
    left_out = {}
    for folder in dict.fromkeys(contestant.peer for contestant in contestants if contestant.peer):
        reason = _build_peer(folder) if with_peers else None
        if reason:
            left_out |= {contestant.name: reason for contestant in contestants if contestant.peer == folder}
    for contestant in contestants:
        missing = contestant.missing_program()
        if missing and contestant.name not in left_out:
            hint = "has not been built: `make bench` builds it" if contestant.peer else "isn't installed"
            left_out[contestant.name] = f"{_name(Path(missing))} {hint}"
    return left_out


def missing_tools(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """The reason for each scenario that this machine can't run."""
    missing = {}
    for scenario in scenarios:
        if scenario.kind is Kind.H2LOAD and shutil.which("h2load") is None:
            missing[scenario.name] = "h2load isn't installed (Debian: nghttp2-client)"
        if scenario.one_core and shutil.which("taskset") is None:
            missing[scenario.name] = "taskset isn't installed (Debian: util-linux)"
    return missing


def _build_martlet(with_tls: bool) -> None:
    for product in ("martlet-bench", "small-server", "floor"):
        _step(f"Building {product}", [*_SWIFT_BUILD, "--product", product])
    if with_tls:
        _step("Building martlet-bench with TLS, which takes minutes the first time", [
            *_SWIFT_BUILD, "--product", "martlet-bench", "--traits", "TLS", "--scratch-path", ".build-tls"])
        if not (BENCHMARKS / ".build" / "certificates" / "server.pem").exists():
            _step("Making a certificate", ["sh", "certificate.sh"])


def _step(title: str, command: list[str]) -> None:
    _say(f"{title} …")
    # What it says about its progress goes to the terminal as it comes.
    if _run(command, sys.stderr) != 0:
        raise BuildFailed(f"this failed in {BENCHMARKS}: {' '.join(command)}")


def _build_peer(folder: str) -> str | None:
    """The reason why it failed, if it did."""
    _say(f"Building {folder} …")
    started = time.monotonic()
    log = BUILT_PEERS / f"{folder}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as output:
        status = _run([str(PEERS / folder / "build.sh")], output)
    if status == 0:
        _say(f"  {time.monotonic() - started:.0f} s")
        return None
    reason = f"its build failed: {last_words(log.read_text(errors='replace'))} ({_name(log)})"
    _say(f"  {reason}")
    return reason


def _name(path: Path) -> str:
    """Without what only this machine has in front of it, since results may be published."""
    return str(path.relative_to(BENCHMARKS)) if path.is_relative_to(BENCHMARKS) else str(path)


def _run(command: list[str], output: TextIO) -> int:
    """Its status. If this program is told to end meanwhile, so is all that the command has started."""
    process = subprocess.Popen(
        command, cwd=BENCHMARKS, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
    try:
        return process.wait()
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
        raise


def _write_document() -> None:
    """Has a web server answer GetUser's path with as many bytes as gRPC's servers do."""
    document = DOCUMENTS / PATH[1:]
    document.parent.mkdir(parents=True, exist_ok=True)
    document.write_bytes(bytes(5 + 109))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
