"""Pieces of a picture that reads well on light and on dark pages."""

from __future__ import annotations

from xml.sax.saxutils import escape

_STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
.title { font-size: 19px; font-weight: 600 }
.heading { font-size: 14px; font-weight: 600 }
.strong { font-weight: 600 }
.muted { fill: #656d76; font-size: 11px }
.end { text-anchor: end }
.card { fill: #ffffff; stroke: #d8dee4 }
.rule { stroke: #d8dee4 }
.native { fill: #d9480f }
.grpc { fill: #f0803c }
.ttrpc { fill: #f7b58a }
.peer { fill: #a3aeb9 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .muted { fill: #9198a1 }
  .card { fill: #0d1117; stroke: #30363d }
  .rule { stroke: #30363d }
  .native { fill: #ff7a3d }
  .grpc { fill: #cf5f28 }
  .ttrpc { fill: #8f4a27 }
  .peer { fill: #59636e }
}
"""


class Drawing:
    """Grows downwards; coordinates are pixels."""

    def __init__(self, width: int, title: str, description: str):
        self.width = width
        self._title, self._description = title, description
        self._parts: list[str] = []

    def text(self, x: float, y: float, text: str, *classes: str) -> None:
        """`y` is the line that letters stand on."""
        names = f' class="{" ".join(classes)}"' if classes else ""
        self._parts.append(f'<text x="{x:g}" y="{y:g}"{names}>{escape(text)}</text>')

    def bar(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        # However little it is, it can be seen.
        self._parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{max(width, 1.5):.1f}" height="{height:g}" rx="2" class="{kind}"/>')

    def rule(self, x: float, y: float, width: float) -> None:
        self._parts.append(f'<line x1="{x:g}" y1="{y:g}" x2="{x + width:g}" y2="{y:g}" class="rule"/>')

    def finished(self, height: float) -> str:
        card = f'<rect x="0.5" y="0.5" width="{self.width - 1}" height="{height - 1:g}" rx="8" class="card"/>'
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{height:g}" '
            f'viewBox="0 0 {self.width} {height:g}" role="img">',
            f"<title>{escape(self._title)}</title>", f"<desc>{escape(self._description)}</desc>",
            f"<style>{_STYLE}</style>", card, *self._parts, "</svg>", ""])
