"""The compact map of a case: the main way, the way taken, where the case stands and what may follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape
from itertools import pairwise
from typing import Final

from caseapp.domain.workflow.definition import Procedure
from caseapp.domain.workflow.diagram.layers import ANY, Layered
from caseapp.domain.workflow.diagram.marks import FONT, INK, arrows, box, linked, role_of, say, word

_CELL: Final = 66
_CELL_HEIGHT: Final = 40
_COLUMN: Final = 82
_ROW: Final = 62
_HEAD: Final = 20


class Map(Layered):
    """States as small boxes in columns; the main way in the first row, side exits below."""

    def __init__(
        self,
        procedure: Procedure,
        language: str,
        visited: tuple[str, ...],
        current: str | None,
        following: frozenset[str],
        links: Mapping[str, str],
    ) -> None:
        super().__init__(procedure, language)
        self.visited = visited
        self.current = current
        self.following = following
        self.links = links
        self.main = self._main_way()
        self.shown = self._shown()
        self._place()

    def _main_way(self) -> list[str]:
        """Return the longest chain of primary actions from the start: the way most cases go."""
        longest: dict[str, list[str]] = {}
        primary: dict[str, list[str]] = {}
        for (source, target), edge in self.forward.items():
            if edge.primary:
                primary.setdefault(source, []).append(target)
        for name in sorted((name for name in self.nodes if name != ANY), key=lambda item: -self.rank[item]):
            ways = [longest[target] for target in primary.get(name, ())]
            longest[name] = [name, *max(ways, key=len, default=[])]
        return longest[self.procedure.initial]

    def _shown(self) -> list[str]:
        """Return the states on the map: the main way, where the case was or is, and what may follow."""
        wanted = {*self.main, *self.visited, *self.following, *([self.current] if self.current else [])}
        return [state.id for state in self.procedure.states if state.id in wanted]

    def _place(self) -> None:
        column = {name: index for index, name in enumerate(self.main)}
        taken: set[tuple[int, int]] = {(index, 0) for index in column.values()}
        self.place: dict[str, tuple[int, int]] = {name: (index, 0) for name, index in column.items()}
        for name in self.shown:
            if name in self.place:
                continue
            before = [
                self.place[source][0] for source, target in self.forward if target == name and source in self.place
            ]
            after = [
                self.place[target][0] for source, target in self.forward if source == name and target in self.place
            ]
            at = max(before) + 1 if before else max(min(after, default=1) - 1, 0)
            if self.visited and name in self.visited and not before:
                index = self.visited.index(name)
                earlier = [self.place[item][0] for item in self.visited[:index] if item in self.place]
                at = earlier[-1] + 1 if earlier else at
            at = min(at, len(self.main) - 1)
            row = 1
            while (at, row) in taken:
                row += 1
            taken.add((at, row))
            self.place[name] = (at, row)

    def _centre(self, name: str) -> tuple[float, float]:
        column, row = self.place[name]
        return 8 + _CELL / 2 + column * _COLUMN, _HEAD + _CELL_HEIGHT / 2 + row * _ROW

    def svg(self) -> str:
        columns = max(column for column, _ in self.place.values()) + 1
        rows = max(row for _, row in self.place.values()) + 1
        width, height = 16 + (columns - 1) * _COLUMN + _CELL, 2 * _HEAD + (rows - 1) * _ROW + _CELL_HEIGHT
        passed = {*self.visited, *([self.current] if self.current else [])}
        label = escape(word("map", self.language))
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="procedure-map" role="{role_of(self.links)}" '
                f'aria-label="{label}" '
                f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{FONT}">',
                arrows("map"),
                '<g class="edges" fill="none">',
                *(self._line(source, target, passed) for source, target in self._lines()),
                "</g>",
                '<g class="states">',
                *(self._cell(name, passed) for name in self.shown),
                "</g></svg>",
            ]
        )

    def _lines(self) -> list[tuple[str, str]]:
        """Return the steps to draw: along the main way, the way taken, and from here to what may follow."""
        found = list(zip(self.main, self.main[1:], strict=False))
        way = [*self.visited, *([self.current] if self.current else [])]
        found += [(one, other) for one, other in pairwise(way) if one != other]
        if self.current:
            found += [(self.current, name) for name in self.shown if name in self.following and name != self.current]
        return list(dict.fromkeys(pair for pair in found if pair[0] in self.place and pair[1] in self.place))

    def _line(self, source: str, target: str, passed: Collection[str]) -> str:
        x0, y0 = self._centre(source)
        x1, y1 = self._centre(target)
        way = [*self.visited, *([self.current] if self.current else [])]
        taken = (source, target) in set(pairwise(way))
        kind = "edge taken" if taken else "edge next" if source == self.current else "edge"
        colour, wide = ("#1f4e8c", 2.4) if taken else ("#4b5563", 1.4) if source == self.current else ("#c3c9d2", 1.2)
        path = _map_path(x0, y0, x1, y1)
        return f'<path class="{kind}" d="{path}" stroke="{colour}" stroke-width="{wide}" marker-end="url(#map-arrow)"/>'

    def _cell(self, name: str, passed: Collection[str]) -> str:
        state = self.procedure.state(name)
        x, y = self._centre(name)
        fill, stroke = INK[state.category]
        kind = f"state {state.category.value}"
        if name == self.current:
            kind += " current"
            fill, stroke = INK[state.category]
        elif name in passed:
            kind += " visited"
        elif name in self.following:
            kind += " next"
        else:
            kind += " ahead"
            fill, stroke = "#ffffff", "#c3c9d2"
        drawn = box(
            x,
            y,
            _CELL,
            _CELL_HEIGHT,
            say(state.name, self.language),
            (fill, stroke),
            kind,
            heavy=name == self.current,
            marked=name in passed,
            dash=name in self.following and name != self.current,
            size=12 if self.language != "en" else 10,
        )
        return linked(drawn, self.links.get(name))


def _map_path(x0: float, y0: float, x1: float, y1: float) -> str:
    """Return a way between two cells of the map: along the row, in a bow over or under it, or round one corner."""
    half, tall, turn = _CELL / 2, _CELL_HEIGHT / 2, 6
    if y0 == y1 and 0 < x1 - x0 <= _COLUMN:
        return f"M{x0 + half:.0f} {y0:.0f}H{x1 - half - 1:.0f}"
    if y0 == y1:
        up = -1 if x1 > x0 else 1
        edge, bow = y0 + up * tall, y0 + up * (tall + 17)
        return f"M{x0:.0f} {edge:.0f}C{x0:.0f} {bow:.0f} {x1:.0f} {bow:.0f} {x1:.0f} {edge + up:.0f}"
    down = 1 if y1 > y0 else -1
    if x0 == x1:
        return f"M{x0:.0f} {y0 + down * tall:.0f}V{y1 - down * (tall + 1):.0f}"
    right = 1 if x1 > x0 else -1
    if down > 0:
        start = x0 + right * 10
        return (
            f"M{start:.0f} {y0 + tall:.0f}V{y1 - turn:.0f}q0 {turn} {right * turn} {turn}H{x1 - right * (half + 1):.0f}"
        )
    end = x1 + (22 if right < 0 else -10)
    start, bend = x0 + right * half, right * turn
    return f"M{start:.0f} {y0:.0f}H{end - bend:.0f}q{bend} 0 {bend} {-turn}V{y1 + tall + 1:.0f}"
