"""The file with what each way may cost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from .counting import Way

FILE = Path(__file__).parent / "limits.json"

KINDS = ("instructions", "allocations")


@dataclass
class Limit:
    name: str
    way: Way
    #: What a call cost when it was written down, by kind. Empty: not counted yet.
    costs: dict[str, float]

    def most(self, kind: str, tolerance: dict[str, dict[str, float]]) -> float | None:
        """What a call may cost; None: nothing was written down."""
        cost = self.costs.get(kind)
        if cost is None:
            return None
        return cost * (1 + tolerance[kind]["share"]) + tolerance[kind]["more"]


class Limits:
    def __init__(self, text: str):
        content = json.loads(text)
        self.tolerance: dict[str, dict[str, float]] = content["tolerance"]
        self.limits = [
            Limit(name, Way(entry["side"], entry["wire"], entry["in_flight"], tuple(entry.get("options", ())),
                            entry.get("load", "calls")),
                  {kind: entry[kind] for kind in KINDS if kind in entry})
            for name, entry in content["ways"].items()]

    def text(self) -> str:
        ways = {}
        for limit in self.limits:
            way = limit.way
            ways[limit.name] = {"side": way.side, "wire": way.wire, "in_flight": way.in_flight}
            if way.load != "calls":
                ways[limit.name]["load"] = way.load
            if way.options:
                ways[limit.name]["options"] = list(way.options)
            ways[limit.name] |= limit.costs
        return json.dumps({"tolerance": self.tolerance, "ways": ways}, indent=2) + "\n"
