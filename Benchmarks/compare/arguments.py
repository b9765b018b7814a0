"""The command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Sequence

from .contestants import CONTESTANTS
from .paths import RESULTS
from .scenarios import SCENARIOS

#: What `--quick` runs: enough to see at once that a change is a slip, in about a minute.
_QUICK = ("a", "b", "d")


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Scenarios and contestants are in the order of their lists, whatever that of the options."""
    parser = argparse.ArgumentParser(
        prog="python3 -m compare",
        description="Compares Martlet with its peers on this machine. Builds all programs, runs every scenario over "
        "all contestants in turn, round by round, prints tables, and writes data and a picture.")
    parser.add_argument("--rounds", type=_number(int), help="of which medians are taken (default: 3)")
    parser.add_argument("--seconds", type=_number(float), help="of each measurement (default: 5)")
    parser.add_argument(
        "--scenarios", type=_names(SCENARIOS), metavar="A,B,…", help="only these; --list names them")
    parser.add_argument(
        "--contestants", type=_names(CONTESTANTS), metavar="A,B,…", help="only these; --list names them")
    parser.add_argument(
        "--out", type=Path, default=RESULTS, metavar="DIRECTORY",
        help="where latest.json, latest.svg and latest.txt go (default: %(default)s)")
    parser.add_argument(
        "--quick", action="store_true",
        help=f"one round of a second of {', '.join(_QUICK)}, over what has been built before")
    parser.add_argument("--list", action="store_true", help="name scenarios and contestants, and end")
    parser.add_argument(
        "--from", type=Path, dest="source", metavar="FILE", help="measure nothing: print and draw this data anew")
    options = parser.parse_args(arguments)
    options.rounds = options.rounds or (1 if options.quick else 3)
    options.seconds = options.seconds or (1.0 if options.quick else 5.0)
    quick = [scenario for scenario in SCENARIOS if scenario.name in _QUICK]
    options.scenarios = options.scenarios or (quick if options.quick else list(SCENARIOS))
    options.contestants = options.contestants or list(CONTESTANTS)
    return options


def listing() -> str:
    lines = ["Scenarios"]
    lines += [f"  {scenario.name:<20} {scenario.title}" for scenario in SCENARIOS]
    lines += ["", "Contestants"]
    lines += [f"  {contestant.name:<20} {contestant.label}" for contestant in CONTESTANTS]
    return "\n".join(lines)


def _number(kind):
    def parse_number(text: str):
        number = kind(text)
        if not 0 < number < 1e6:
            raise argparse.ArgumentTypeError(f"{text} is no number above 0")
        return number
    parse_number.__name__ = "number"
    return parse_number


def _names(known):
    def parse_names(text: str):
        names = {name.strip() for name in text.split(",")}
        unknown = names - {one.name for one in known}
        if unknown:
            raise argparse.ArgumentTypeError(
                f"there is no {', '.join(sorted(unknown))}; there are {', '.join(one.name for one in known)}")
        return [one for one in known if one.name in names]
    return parse_names
