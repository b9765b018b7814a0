"""The picture of a run: a panel of bars for each scenario that peers have part in, the best on top."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from .contestants import CONTESTANTS, Contestant
from .results import Results
from .scenarios import Kind, Scenario, scenario_named
from .summary import advantage
from .svg import Drawing
from .table import ratio, reference, shown

_PANELS = ("a", "a-pinned", "b", "c", "d", "e", "h2load-c4", "allocations", "idle", "startup")

_WIDTH, _MARGIN, _GAP = 1000, 28, 44
_PANEL = (_WIDTH - 2 * _MARGIN - _GAP) / 2
_LABELS, _VALUES, _RATIOS = 168, 66, 44
_LONGEST_BAR = _PANEL - _LABELS - _VALUES - _RATIOS
_ROW, _BAR = 19, 13
_LETTERS_PER_LINE = 165


@dataclass(frozen=True)
class _Row:
    contestant: Contestant
    value: float


def chart(results: Results) -> str:
    """An SVG; its panels are those of the scenarios that were run."""
    drawing = Drawing(_WIDTH, "Martlet beside its peers", "Bars, scenario by scenario; the data file has the numbers.")
    drawing.text(_MARGIN, 42, "Martlet beside its peers", "title")
    drawing.text(_MARGIN, 62, "Each framework’s own server and client, default options. On the right: how many times as "
                 "good Martlet is. Loop: callers run on the connection’s event loop.", "muted")
    panels = [(scenario_named(name), rows) for name in _PANELS if (rows := _rows(results, scenario_named(name)))]
    y = 84.0
    for index in range(0, len(panels), 2):
        pair = panels[index:index + 2]
        for side, (scenario, rows) in enumerate(pair):
            _draw_panel(drawing, results, scenario, rows, _MARGIN + side * (_PANEL + _GAP), y)
        y += max(_height(rows) for _, rows in pair)
    return drawing.finished(_draw_notes(drawing, results, y))


def _rows(results: Results, scenario: Scenario) -> list[_Row]:
    """The best first."""
    rows = []
    for contestant in CONTESTANTS:
        summary = results.summaries.get(scenario.name, contestant.name, scenario.headline)
        if summary:
            rows.append(_Row(contestant, summary.median))
    return sorted(rows, key=lambda row: row.value, reverse=not scenario.headline.lower_is_better)


def _is_framework(row: _Row) -> bool:
    return row.contestant.wire not in ("bytes", "http")


def _draw_panel(
    drawing: Drawing, results: Results, scenario: Scenario, rows: list[_Row], x: float, y: float
) -> None:
    headline = scenario.headline
    base = reference(results.summaries, scenario)
    ours = results.summaries.get(scenario.name, base, headline) if base else None
    frameworks = [row for row in rows if _is_framework(row)]
    longest = max(row.value for row in frameworks or rows)
    drawing.rule(x, y, _PANEL)
    drawing.text(x, y + 22, scenario.title, "heading")
    better = "lower is better" if headline.lower_is_better else "higher is better"
    drawing.text(x, y + 38, f"{_unit(scenario)} · {better}", "muted")
    if base:
        drawing.text(x + _PANEL, y + 38, f"{_label(base)} is", "muted", "end")
    y += 48
    for row in frameworks:
        is_martlet = row.contestant.is_martlet
        weight = ("strong",) if is_martlet else ()
        drawing.text(x, y + 12, row.contestant.label, *weight)
        length = _LONGEST_BAR * row.value / longest if longest > 0 else 0
        drawing.bar(x + _LABELS, y + 2, length, _BAR, row.contestant.wire if is_martlet else "peer")
        drawing.text(x + _LABELS + length + 6, y + 12, shown(headline, row.value), *weight)
        if ours and not is_martlet:
            drawing.text(x + _PANEL, y + 12, ratio(advantage(headline, ours.median, row.value)), "muted", "end")
        y += _ROW
    for row in rows:
        # What does less work than any framework would make all other bars short.
        if not _is_framework(row):
            drawing.text(x, y + 13, f"For scale, {row.contestant.label}: {shown(headline, row.value)}", "muted")
            y += _ROW


def _height(rows: list[_Row]) -> float:
    return 48 + _ROW * len(rows) + 20


def _draw_notes(drawing: Drawing, results: Results, y: float) -> float:
    """Where and when; gives the height of the whole."""
    machine, versions = results.machine, results.versions
    named = [f"{contestant.label} {versions[contestant.name]}" for contestant in CONTESTANTS
             if contestant.name in versions and not contestant.is_martlet]
    text = (f"{results.date[:10]} · {machine['cpu']}, {machine['cores']} cores, {machine['system']}, "
            f"{machine['kernel']} · medians of {results.rounds} interleaved rounds of {results.seconds:g} s · "
            f"Martlet {versions.get('martlet', '')}, Swift {versions.get('swift', '')}, {', '.join(named)}")
    drawing.rule(_MARGIN, y, _WIDTH - 2 * _MARGIN)
    for line in textwrap.wrap(text, _LETTERS_PER_LINE, break_on_hyphens=False):
        y += 18
        drawing.text(_MARGIN, y, line, "muted")
    return y + 20


def _label(name: str) -> str:
    return next(contestant.label for contestant in CONTESTANTS if contestant.name == name)


def _unit(scenario: Scenario) -> str:
    if scenario.kind is Kind.IDLE:
        return "KiB, after a call"
    if scenario.kind is Kind.STARTUP:
        return "milliseconds"
    if scenario.kind is Kind.ALLOCATIONS:
        return "per unary call"
    return {"rate": "messages per second" if scenario.name == "d" else "calls per second",
            "mib_s": "MiB per second each way", "p50_us": "median latency in µs"}[scenario.headline.key]
