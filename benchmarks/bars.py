"""A bar chart as SVG, readable on light and on dark pages, told in words for who cannot see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, NAMES, VALUES, EDGE = 780, 210, 190, 16
THICK, APART, BETWEEN = 13, 3, 14
HEAD, FOOT = 74, 30
SHADES = (0.45, 0.7, 1.0)
STYLE = """
  svg { --ink: #1f2328; --quiet: #59636e; --ours: #0969da; --theirs: #818b98; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #f0f6fc; --quiet: #9198a1; --ours: #4493f8; --theirs: #767e88; }
  }
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); }
  .title { font-size: 16px; font-weight: 600; }
  .quiet { fill: var(--quiet); font-size: 12px; }
  .name-of-ours { font-weight: 600; }
  .ours { fill: var(--ours); }
  .theirs { fill: var(--theirs); }
"""


@dataclass(frozen=True, kw_only=True)
class Bar:
    value: float
    says: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """One row of the chart: a name, and a bar for each shade."""

    name: str
    is_ours: bool
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        return len(self.bars) * (THICK + APART) - APART


def chart(*, title: str, shades: Sequence[str], groups: Sequence[Group], note: str) -> str:
    """The whole file. `shades` names the bars of a group, `note` stands beneath."""
    longest = max(bar.value for group in groups for bar in group.bars)
    height = HEAD + sum(group.height + BETWEEN for group in groups) + FOOT
    parts, top = [*_head(title, shades)], HEAD
    for group in groups:
        parts += _group(group, top, (WIDTH - NAMES - VALUES - EDGE) / longest)
        top += group.height + BETWEEN
    parts.append(f'<text class="quiet" x="{EDGE}" y="{height - 12}">{escape(note)}</text>')
    bars = ", ".join(shades)
    words = "; ".join(f"{group.name}: {', '.join(bar.says for bar in group.bars)}" for group in groups)
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" width="{WIDTH}">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(f'{bars}. {words}. {note}')}</desc>",
            f"<style>{STYLE}</style>",
            *parts,
            "</svg>\n",
        )
    )


def _head(title: str, shades: Sequence[str]) -> list[str]:
    parts, left = [f'<text class="title" x="{EDGE}" y="28">{escape(title)}</text>'], NAMES
    for shade, name in zip(_shades(len(shades)), shades, strict=True):
        parts.append(f'<rect class="theirs" x="{left}" y="42" width="12" height="12" rx="2" opacity="{shade}"/>')
        parts.append(f'<text class="quiet" x="{left + 18}" y="52">{escape(name)}</text>')
        left += 40 + 7 * len(name)
    return parts


def _group(group: Group, top: int, scale: float) -> list[str]:
    kind = "ours" if group.is_ours else "theirs"
    middle = top + group.height / 2 + 4
    name = ' class="name-of-ours"' if group.is_ours else ""
    parts = [f'<text{name} x="{NAMES - 12}" y="{middle:.0f}" text-anchor="end">{escape(group.name)}</text>']
    for shade, bar in zip(_shades(len(group.bars)), group.bars, strict=True):
        long = max(1.0, bar.value * scale)
        parts.append(
            f'<rect class="{kind}" x="{NAMES}" y="{top}" width="{long:.1f}" height="{THICK}" rx="2" opacity="{shade}"/>'
        )
        parts.append(f'<text class="quiet" x="{NAMES + long + 7:.1f}" y="{top + THICK - 2}">{escape(bar.says)}</text>')
        top += THICK + APART
    return parts


def _shades(many: int) -> Sequence[float]:
    return SHADES[-many:] if many <= len(SHADES) else (1.0,) * many
