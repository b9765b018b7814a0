"""Counts what a call, or a message of a stream, costs in instructions and heap allocations, and compares that with what
it may cost.

A count doesn't depend on how busy the machine is, so that a change that makes calls dearer is seen at once. The limits
are in counts/limits.json; after a change that is worth its price, write them anew with --update.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from compare.paths import ALLOCATIONS, ALLOCATIONS_SOURCE, BENCHMARKS, BUILT_MARTLET
from compare.processes import ServerFailed, end_with_exceptions

from .counting import Counter
from .limits import FILE, KINDS, Limits


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python3 -m counts", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, metavar="FILE", help="a martlet-bench that is built already")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the ways with this in their names")
    parser.add_argument("--update", action="store_true", help="write down what was counted as the new limits")
    arguments = parser.parse_args()
    end_with_exceptions()
    limits = Limits(FILE.read_text())
    bench = arguments.bench or _build()
    ALLOCATIONS.parent.mkdir(exist_ok=True)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", ALLOCATIONS, ALLOCATIONS_SOURCE], check=True)

    too_much = []
    print(f"{'a call, or a message of a stream':37}{'':14}{'counted':>10}{'before':>10}{'most':>10}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        counter = Counter(bench, ALLOCATIONS, Path(folder))
        for limit in limits.limits:
            if arguments.only not in limit.name:
                continue
            for kind in KINDS:
                count = counter.each(kind, limit.way)
                before, most = limit.costs.get(kind), limit.most(kind, limits.tolerance)
                numbers = [count] if before is None else [count, before, most]
                print(f"{limit.name:37}{kind:14}" + "".join(f"{number:>10,.1f}" for number in numbers), flush=True)
                if most is not None and count > most:
                    too_much.append(f"{limit.name}: {count:,.1f} {kind}; {most:,.1f} is the most, {before:,.1f} were before")
                limit.costs[kind] = round(count, 1)
    if arguments.update:
        FILE.write_text(limits.text())
    elif too_much:
        print("", *too_much, "", "If the change is worth that: python3 -m counts --update", sep="\n", file=sys.stderr)
        return 1
    return 0


def _build() -> Path:
    command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "martlet-bench"]
    subprocess.run(command, cwd=BENCHMARKS, check=True, stdout=sys.stderr)
    return BUILT_MARTLET / "martlet-bench"


try:
    sys.exit(main())
except ServerFailed as failure:
    sys.exit(f"counts: {failure}")
