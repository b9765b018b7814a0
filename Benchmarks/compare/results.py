"""A run as data: everything that was measured, where, and with which versions."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .contestants import CONTESTANTS
from .goals import judge
from .summary import Summaries


@dataclass
class Results:
    date: str
    """When it began, in UTC, as ISO 8601 has it."""
    rounds: int
    seconds: float
    """Of each measurement by a client."""
    machine: dict[str, Any]
    versions: dict[str, str]
    left_out: dict[str, str] = field(default_factory=dict)
    """The reason for each contestant or scenario that has no part."""
    samples: list[dict[str, Any]] = field(default_factory=list)
    """Each with `round`, `scenario`, `contestant`, and `figures` or an `error`."""

    @cached_property
    def summaries(self) -> Summaries:
        """Only asked for when all samples are there."""
        return Summaries(self.samples)

    def text(self) -> str:
        """JSON, with a line per sample."""
        head = {
            "date": self.date, "machine": self.machine, "versions": self.versions, "rounds": self.rounds,
            "seconds": self.seconds, "left_out": self.left_out, "medians": self.summaries.medians(),
            "goals": [
                {"goal": f"{verdict.goal.scenario} {verdict.goal}", "wire": verdict.goal.wire,
                 "contestant": verdict.contestant, "measured": round(verdict.measured, 4),
                 "reached": verdict.is_reached}
                for verdict in judge(self.summaries, CONTESTANTS)]}
        samples = ",\n".join(f"    {json.dumps(sample, ensure_ascii=False)}" for sample in self.samples)
        return f'{json.dumps(head, indent=2, ensure_ascii=False)[:-2]},\n  "samples": [\n{samples}\n  ]\n}}\n'

    @staticmethod
    def read(file: Path) -> Results:
        data = json.loads(file.read_text(encoding="utf-8"))
        keys = ("date", "rounds", "seconds", "machine", "versions", "left_out", "samples")
        return Results(**{key: data[key] for key in keys})
