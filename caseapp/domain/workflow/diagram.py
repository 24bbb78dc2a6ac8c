"""A procedure drawn as SVG on the server: no script, prints as it is, every part has a CSS class.

Two drawings: `draw`, layered from top to bottom with every action on its edge, for reading a definition; and `draw_map`,
a compact row from left to right for a case page, with the way taken, the present state and what may follow.

Actions that may be taken in many states (suspension, transfer, reopening …) would bury the way in lines; they are listed
below the drawing instead. The order in which a definition lists its states says which way is forward.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Final

from caseapp.domain.workflow.definition import PREVIOUS, SAME, Action, Category, Procedure, Text

MANY: Final = 4
"""An action with so many sources or targets is listed, not drawn."""

_INK: Final = {
    Category.LEAD: ("#f3f4f6", "#6b7280"),
    Category.OPEN: ("#e8f0fb", "#1f4e8c"),
    Category.SUSPENDED: ("#fdf3e1", "#b45309"),
    Category.DECIDED: ("#eaf5ee", "#2f7d4f"),
    Category.CLOSED: ("#e5e7eb", "#1b2433"),
}
_WORDS: Final[Mapping[str, Text]] = {
    "lead": Text("线索", "Lead"),
    "open": Text("办理中", "Open"),
    "suspended": Text("中止", "Suspended"),
    "decided": Text("已决定", "Decided"),
    "closed": Text("已办结", "Closed"),
    "any": Text("办理中任一状态", "Any open state"),
    "many": Text("可在多个状态办理的事项", "Actions that may be taken in many states"),
    "back": Text("中止前的状态", "the state before suspension"),
    "states": Text("个状态", "states"),
    "here": Text("当前", "now"),
    "done": Text("已经过", "passed"),
    "next": Text("可进入", "may follow"),
    "map": Text("流程图", "Map of the procedure"),
    "all_of": Text("各状态", "states"),
    "except": Text("除外", "except"),
}

_FONT: Final = "'PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC',sans-serif"
_BOX_WIDTH: Final = 136
_BOX_HEIGHT: Final = 42
_BOX_GAP: Final = 28
_LANE: Final = 22
_LINE: Final = 15
_TEXT: Final = 13
_SMALL: Final = 11
_MARGIN: Final = 24
_ANY: Final = "*"


@dataclass(slots=True)
class _Node:
    """A state, the pseudo state 'any open state', or a bend of a long edge (`state` is then empty)."""

    id: str
    layer: int = 0
    width: int = _BOX_WIDTH
    order: float = 0.0
    x: float = 0.0
    y: float = 0.0
    state: str = ""


@dataclass(slots=True)
class _Edge:
    source: str
    target: str
    labels: list[str] = field(default_factory=list)
    primary: bool = False
    bends: list[_Node] = field(default_factory=list)


@dataclass(slots=True)
class _Label:
    """The words on an edge; `top` is measured from the lower side of the layer where the edge starts."""

    lines: list[str]
    x: float
    gap: int
    width: float
    edge: _Edge
    top: float = 0.0


def draw(
    procedure: Procedure,
    *,
    language: str = "zh",
    visited: Collection[str] = (),
    current: str | None = None,
    links: Mapping[str, str] | None = None,
) -> str:
    """Return the whole procedure as an SVG document.

    visited, current  states to mark: passed through, and where the case stands
    links             state id → address to open when it is clicked
    """
    return _Drawing(procedure, language, frozenset(visited), current, links or {}).svg()


def draw_map(
    procedure: Procedure,
    *,
    language: str = "zh",
    visited: Sequence[str] = (),
    current: str | None = None,
    following: Collection[str] = (),
    links: Mapping[str, str] | None = None,
) -> str:
    """Return a compact map from left to right: one column for each step of the way.

    visited    states the case went through, in order
    following  states that may come next
    """
    return _Map(procedure, language, tuple(visited), current, frozenset(following), links or {}).svg()


# --- Words -------------------------------------------------------------------------------------------------------------


def _say(text: Text, language: str) -> str:
    return text.en if language == "en" else text.zh


def _word(name: str, language: str) -> str:
    return _say(_WORDS[name], language)


def _width(text: str, size: int = _SMALL) -> float:
    """Return about how wide a text is: a hanzi is one em, other characters a good half."""
    return sum(size if ord(letter) > 0x2E80 else size * 0.56 for letter in text)


def _wrapped(text: str, room: float, size: int) -> list[str]:
    """Break a text into lines that fit: hanzi anywhere, in lines of even length; other words only between them."""
    if any(ord(letter) > 0x2E80 for letter in text):
        count = max(1, -int(-_width(text, size) // room))
        each = -(-len(text) // count)
        return [text[start : start + each] for start in range(0, len(text), each)]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer, size) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _steps(action: Action, saved: Iterable[str]) -> list[tuple[str, str]]:
    """Return every (source, target) of an action that changes the state."""
    found = []
    for source in action.sources:
        for post in action.posts:
            targets = [post.to] if post.to not in (SAME, PREVIOUS) else list(saved) if post.to == PREVIOUS else []
            found += [(source, target) for target in targets if target != source]
    return list(dict.fromkeys(found))


def _is_general(action: Action) -> bool:
    targets = {post.to for post in action.posts} - {SAME}
    return len(action.sources) >= MANY or len(targets) >= MANY or PREVIOUS in targets


def _moves(action: Action) -> bool:
    return any(post.to != SAME for post in action.posts)


# --- Layers ------------------------------------------------------------------------------------------------------------


class _Layered:
    """Places states on layers: the part that both drawings share."""

    def __init__(self, procedure: Procedure, language: str) -> None:
        self.procedure = procedure
        self.language = language
        self.rank = {state.id: index for index, state in enumerate(procedure.states)}
        self.nodes: dict[str, _Node] = {
            state.id: _Node(state.id, state=state.id, order=index) for index, state in enumerate(procedure.states)
        }
        self.forward: dict[tuple[str, str], _Edge] = {}
        self.backward: dict[tuple[str, str], _Edge] = {}
        self.general = [action for action in procedure.actions if _moves(action) and _is_general(action)]
        self._collect()
        self._reach_all()
        self._layer()

    def _collect(self) -> None:
        for action in self.procedure.actions:
            if _is_general(action):
                continue
            for source, target in _steps(action, ()):
                edges = self.forward if self.rank[source] < self.rank[target] else self.backward
                edge = edges.setdefault((source, target), _Edge(source, target))
                edge.labels.append(_say(action.name, self.language))
                edge.primary = edge.primary or action.primary

    def _reach_all(self) -> None:
        """Lead to states that only listed actions enter from a pseudo state, so that none hangs in the air."""
        entered = {target for _, target in self.forward} | {self.procedure.initial}
        for action in self.general:
            begun = {self.procedure.state(source).category for source in action.sources}
            if not begun & {Category.LEAD, Category.OPEN}:
                continue
            for post in action.posts:
                if post.to in self.nodes and post.to not in entered:
                    edge = self.forward.setdefault((_ANY, post.to), _Edge(_ANY, post.to))
                    edge.labels.append(_say(action.name, self.language))
        if any(source == _ANY for source, _ in self.forward):
            self.nodes[_ANY] = _Node(_ANY, order=len(self.rank) / 2)
            self.rank[_ANY] = -1

    def _layer(self) -> None:
        """Longest way from the start; what only the pseudo state enters is moved down to where it leads on."""
        for name in sorted(self.nodes, key=lambda item: self.rank[item]):
            before = [self.nodes[source].layer + 1 for source, target in self.forward if target == name]
            self.nodes[name].layer = max(before, default=0)
        if _ANY not in self.nodes:
            return
        only = [target for source, target in self.forward if source == _ANY]
        for name in sorted(only, key=lambda item: -self.rank[item]):
            after = [self.nodes[target].layer - 1 for source, target in self.forward if source == name]
            if after:
                self.nodes[name].layer = max(min(after), 1)
        deepest = max((self.nodes[name].layer for name in only), default=1)
        for name in only:
            if not any(source == name for source, _ in self.forward):
                self.nodes[name].layer = deepest
        self.nodes[_ANY].layer = max(min(self.nodes[name].layer for name in only) - 1, 0)


# --- The full drawing ----------------------------------------------------------------------------------------------


class _Drawing(_Layered):
    def __init__(
        self,
        procedure: Procedure,
        language: str,
        visited: frozenset[str],
        current: str | None,
        links: Mapping[str, str],
    ) -> None:
        super().__init__(procedure, language)
        self.visited = visited
        self.current = current
        self.links = links
        self.depth = max(node.layer for node in self.nodes.values()) + 1
        self.layers: list[list[_Node]] = [[] for _ in range(self.depth)]
        self._bend_long_edges()
        self._order()
        self._place_x()
        self.labels = self._labels()
        self._place_y()

    # Long edges run through a bend on every layer between.
    def _bend_long_edges(self) -> None:
        for node in self.nodes.values():
            self.layers[node.layer].append(node)
        for edge in self.forward.values():
            first, last = self.nodes[edge.source], self.nodes[edge.target]
            for layer in range(first.layer + 1, last.layer):
                bend = _Node(f"{edge.source}>{edge.target}@{layer}", layer, _LANE, first.order)
                edge.bends.append(bend)
                self.layers[layer].append(bend)
        self.above: dict[str, list[_Node]] = {}
        self.below: dict[str, list[_Node]] = {}
        for edge in self.forward.values():
            row = [self.nodes[edge.source], *edge.bends, self.nodes[edge.target]]
            for upper, lower in pairwise(row):
                self.below.setdefault(upper.id, []).append(lower)
                self.above.setdefault(lower.id, []).append(upper)

    def _order(self) -> None:
        """Fewer crossings: each layer is sorted by the mean place of its neighbours, down and up in turn."""
        for layer in self.layers:
            layer.sort(key=lambda node: node.order)
        self._number()
        for turn in range(12):
            rows = self.layers if turn % 2 == 0 else list(reversed(self.layers))
            neighbours = self.above if turn % 2 == 0 else self.below
            for row in rows:
                places = {
                    node.id: sum(other.order for other in neighbours[node.id]) / len(neighbours[node.id])
                    if node.id in neighbours
                    else node.order
                    for node in row
                }
                row.sort(key=lambda node: (places[node.id], node.order))
                self._number()

    def _number(self) -> None:
        for row in self.layers:
            for index, node in enumerate(row):
                node.order = (index + 0.5) / len(row)

    def _place_x(self) -> None:
        """Straighten: each row moves as near to its neighbours as the boxes' widths allow, several times over."""
        for row in self.layers:
            x = 0.0
            for node in row:
                node.x = x + node.width / 2
                x += node.width + _BOX_GAP
            for node in row:
                node.x -= x / 2
        for turn in range(24):
            rows = self.layers if turn % 2 == 0 else list(reversed(self.layers))
            neighbours = self.above if turn % 2 == 0 else self.below
            for row in rows:
                wanted = []
                for node in row:
                    around = neighbours.get(node.id) or self.above.get(node.id) or self.below.get(node.id) or [node]
                    wanted.append(sum(other.x for other in around) / len(around))
                for node, x in zip(row, _apart(row, wanted), strict=True):
                    node.x = x
        left = min(node.x - node.width / 2 for node in self.nodes.values())
        bends = [bend.x for edge in self.forward.values() for bend in edge.bends]
        left = min([left, *bends])
        self.lanes = self._back_lanes()
        shift = _MARGIN - min([left, *self.lanes.values()])
        self.lanes = {target: x + shift for target, x in self.lanes.items()}
        for row in self.layers:
            for node in row:
                node.x += shift
        right = max(node.x + node.width / 2 for row in self.layers for node in row)
        self.width = right + _MARGIN

    def _back_lanes(self) -> dict[str, float]:
        """Return, for each target of long ways back, the place of its lane: left of every box that it passes."""
        found: dict[str, float] = {}
        reach: dict[str, int] = {}
        for source, target in self.backward:
            if not self._is_short(source, target):
                reach[target] = max(reach.get(target, 0), self.nodes[source].layer)
        for target in sorted(reach, key=lambda name: reach[name] - self.nodes[name].layer):
            passed = self.layers[self.nodes[target].layer : reach[target] + 1]
            edge = min(node.x - node.width / 2 for row in passed for node in row) - _LANE
            while any(abs(edge - other) < _LANE * 0.8 for other in found.values()):
                edge -= _LANE * 0.8
            found[target] = edge
        return found

    def _is_short(self, source: str, target: str) -> bool:
        return 0 <= self.nodes[source].layer - self.nodes[target].layer <= 1

    # Labels stand on their own line, in the gap below the layer where it starts.
    def _labels(self) -> list[_Label]:
        found: list[_Label] = []
        for edge in self.forward.values():
            lines = [line for label in edge.labels for line in _wrapped(label, 150, _SMALL)]
            width = max(_width(line) for line in lines) + 8
            found.append(_Label(lines, 0.0, self.nodes[edge.source].layer, width, edge))
        return found

    def _place_y(self) -> None:
        y = float(_MARGIN)
        self.row_top: list[float] = []
        for layer in range(self.depth):
            self.row_top.append(y)
            for node in self.layers[layer]:
                node.y = y + _BOX_HEIGHT / 2
            y += _BOX_HEIGHT + self._gap(layer, [label for label in self.labels if label.gap == layer])
        self.bottom = y

    def _gap(self, layer: int, labels: list[_Label]) -> float:
        """Place the labels of the gap below a layer so that none touches another; returns the gap's height."""
        leaving = sum(1 for source, _ in self.backward if self.nodes[source].layer == layer)
        head = 12 + min(leaving, 4) * 5
        least = max((len(label.lines) for label in labels), default=1)
        for rows in range(least, least + 12):
            height = head + rows * _LINE + 16
            if self._fits(labels, rows, head, height):
                return height
        return head + 16

    def _fits(self, labels: list[_Label], rows: int, head: float, height: float) -> bool:
        """Try to place the labels in so many rows, the straightest edges last: they have the least choice of place."""
        taken: list[tuple[int, int, float, float]] = []
        for label in sorted(labels, key=lambda item: (-len(item.lines), -abs(self._run(item)))):
            for row in self._rows_to_try(label, rows):
                middle = head + (row + len(label.lines) / 2) * _LINE
                x = self._on_curve(label, middle / height)
                left, right = x - label.width / 2 - 3, x + label.width / 2 + 3
                last = row + len(label.lines)
                if not any(
                    row < end and start < last and left < far and near < right for start, end, near, far in taken
                ):
                    taken.append((row, last, left, right))
                    label.x, label.top = x, head + row * _LINE
                    break
            else:
                return False
        return True

    def _rows_to_try(self, label: _Label, rows: int) -> list[int]:
        """Nearest to the end where fewer edges meet first: there the label can only mean its own edge."""
        free = list(range(rows - len(label.lines) + 1))
        leaving = sum(1 for edge in self.forward.values() if edge.source == label.edge.source)
        return list(reversed(free)) if leaving > 1 else sorted(free, key=lambda row: abs(row - (rows - 1) / 2))

    def _run(self, label: _Label) -> float:
        after = (label.edge.bends or [self.nodes[label.edge.target]])[0]
        return after.x - self.nodes[label.edge.source].x

    def _on_curve(self, label: _Label, share: float) -> float:
        """Return where the label's edge is after that share of the gap."""
        smooth = share * share * (3 - 2 * share)
        return self.nodes[label.edge.source].x + self._run(label) * smooth

    def svg(self) -> str:
        listed = self._listed()
        legend = self._legend(self.bottom + 4)
        height = self.bottom + 30 + (len(listed) + 1) * 19 + _MARGIN if listed else self.bottom + 40
        title = escape(f"{_say(self.procedure.name, self.language)} v{self.procedure.version}")
        width = max(self.width, 760)
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="procedure-diagram" role="{_role(self.links)}" '
                f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
                f'font-family="{_FONT}" font-size="{_TEXT}">',
                f"<title>{title}</title>",
                _arrows("diagram"),
                '<g class="edges" fill="none">',
                *(self._back_edge(edge) for edge in self.backward.values()),
                *(self._edge(edge) for edge in self.forward.values()),
                "</g>",
                '<g class="labels">',
                *(self._label(label) for label in self.labels),
                "</g>",
                '<g class="states">',
                *(self._state(node) for node in self.nodes.values()),
                "</g>",
                legend,
                self._list(listed, self.bottom + 48),
                "</svg>",
            ]
        )

    def _edge(self, edge: _Edge) -> str:
        first, last = self.nodes[edge.source], self.nodes[edge.target]
        points = [(first.x, first.y + _BOX_HEIGHT / 2)]
        for bend in edge.bends:
            points += [(bend.x, bend.y - _BOX_HEIGHT / 2), (bend.x, bend.y + _BOX_HEIGHT / 2)]
        points.append((last.x, last.y - _BOX_HEIGHT / 2 - 1))
        path = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
        for index, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
            if index % 2 == 1:
                path.append(f"L{x1:.1f} {y1:.1f}")
            else:
                middle = (y1 - y0) * 0.5
                path.append(f"C{x0:.1f} {y0 + middle:.1f} {x1:.1f} {y1 - middle:.1f} {x1:.1f} {y1:.1f}")
        taken = edge.source in self.visited and (edge.target in self.visited or edge.target == self.current)
        kind = "edge"
        kind += " primary" if edge.primary else ""
        kind += " taken" if taken else ""
        kind += " general" if edge.source == _ANY else ""
        colour, wide = ("#1f4e8c", 2.6) if taken else ("#4b5563", 1.7) if edge.primary else ("#9ca3af", 1.2)
        dash = ' stroke-dasharray="5 4"' if edge.source == _ANY else ""
        return (
            f'<path class="{kind}" d="{"".join(path)}" stroke="{colour}" stroke-width="{wide}"{dash} '
            f'marker-end="url(#diagram-arrow)"/>'
        )

    def _back_edge(self, edge: _Edge) -> str:
        """A way back: short ones beside the boxes, long ones along a lane on the left, one lane for each target."""
        first, last = self.nodes[edge.source], self.nodes[edge.target]
        title = f"<title>{escape('／'.join(edge.labels))}</title>"
        look = 'class="edge back" stroke="#b45309" stroke-width="1.1" stroke-dasharray="4 3" marker-end="url(#diagram-back)"'
        half = _BOX_WIDTH / 2
        if self._is_short(edge.source, edge.target):
            if first.layer == last.layer:
                side = 1 if first.x < last.x else -1
                x0, x1 = first.x + side * half, last.x - side * (half + 1)
                path = f"M{x0:.1f} {first.y:.1f}L{x1:.1f} {last.y:.1f}"
            else:
                side = 1 if first.x >= last.x else -1
                x0, y0 = first.x + side * half * 0.6, first.y - _BOX_HEIGHT / 2
                x1, y1 = last.x + side * half * 0.6, last.y + _BOX_HEIGHT / 2 + 1
                middle = (y0 - y1) * 0.5
                path = f"M{x0:.1f} {y0:.1f}C{x0:.1f} {y0 - middle:.1f} {x1:.1f} {y1 + middle:.1f} {x1:.1f} {y1:.1f}"
            return f'<path {look} d="{path}">{title}</path>'
        lane = self.lanes[edge.target]
        leaving = sorted(name for name, target in self.backward if self.nodes[name].layer == first.layer)
        out = first.y + _BOX_HEIGHT / 2 + 8 + 5 * min(leaving.index(edge.source), 3)
        x0 = first.x - half * 0.7
        into = last.y
        free = all(node.x >= last.x for node in self.layers[last.layer])
        start = f"M{x0:.1f} {first.y + _BOX_HEIGHT / 2:.1f}V{out - 5:.1f}q0 5 -5 5H{lane + 6:.1f}q-6 0 -6 -6"
        if free:
            path = f"{start}V{into + 6:.1f}q0 -6 6 -6H{last.x - half - 1:.1f}"
        else:
            over = last.y - _BOX_HEIGHT / 2 - 11
            x1 = last.x - half * 0.7
            path = f"{start}V{over + 6:.1f}q0 -6 6 -6H{x1 - 5:.1f}q5 0 5 5V{last.y - _BOX_HEIGHT / 2 - 1:.1f}"
        return f'<path {look} d="{path}">{title}</path>'

    def _label(self, label: _Label) -> str:
        top = self.row_top[label.gap] + _BOX_HEIGHT + label.top
        lines = "".join(
            f'<tspan x="{label.x:.1f}" y="{top + 11 + index * _LINE:.1f}">{escape(line)}</tspan>'
            for index, line in enumerate(label.lines)
        )
        back = (
            f'<rect class="label-back" x="{label.x - label.width / 2:.1f}" y="{top:.1f}" width="{label.width:.1f}" '
            f'height="{len(label.lines) * _LINE}" rx="3" fill="#ffffff" fill-opacity="0.86"/>'
        )
        return f'{back}<text class="label" text-anchor="middle" font-size="{_SMALL}" fill="#374151">{lines}</text>'

    def _state(self, node: _Node) -> str:
        if node.id == _ANY:
            return _box(
                node.x,
                node.y,
                _BOX_WIDTH,
                _BOX_HEIGHT,
                _word("any", self.language),
                ("#ffffff", "#6b7280"),
                "any",
                dash=True,
            )
        state = self.procedure.state(node.id)
        kind = f"state {state.category.value}"
        kind += " visited" if node.id in self.visited else ""
        kind += " current" if node.id == self.current else ""
        kind += " initial" if node.id == self.procedure.initial else ""
        drawn = _box(
            node.x,
            node.y,
            _BOX_WIDTH,
            _BOX_HEIGHT,
            _say(state.name, self.language),
            _INK[state.category],
            kind,
            heavy=node.id == self.current,
            marked=node.id in self.visited,
        )
        return _linked(drawn, self.links.get(node.id))

    def _legend(self, y: float) -> str:
        parts = ['<g class="legend">']
        x = float(_MARGIN)
        for category in Category:
            if not any(state.category is category for state in self.procedure.states):
                continue
            fill, stroke = _INK[category]
            word = _word(category.value, self.language)
            parts.append(
                f'<rect x="{x:.0f}" y="{y:.0f}" width="18" height="12" rx="3" fill="{fill}" stroke="{stroke}"/>'
                f'<text x="{x + 24:.0f}" y="{y + 10:.0f}" font-size="{_SMALL}" fill="#374151">{escape(word)}</text>'
            )
            x += 24 + _width(word) + 22
        return "".join([*parts, "</g>"])

    def _listed(self) -> list[tuple[str, str, str]]:
        """Return (action, from, to) of every action that is listed instead of drawn."""
        found = []
        for action in self.general:
            targets = []
            for post in action.posts:
                if post.to == PREVIOUS:
                    targets.append(_word("back", self.language))
                elif post.to != SAME:
                    targets.append(_say(self.procedure.state(post.to).name, self.language))
            found.append(
                (
                    _say(action.name, self.language),
                    self._sources_in_words(action.sources),
                    self._shortened(list(dict.fromkeys(targets)), "／"),
                )
            )
        return found

    def _sources_in_words(self, sources: Sequence[str]) -> str:
        """Say where an action starts: whole categories by name, the rest one by one."""
        rest = list(sources)
        words: list[str] = []
        glue = "、" if self.language != "en" else ", "
        for category in Category:
            members = [state.id for state in self.procedure.states if state.category is category]
            if len(members) > 1 and set(members) <= set(rest):
                words.append(
                    _word(category.value, self.language)
                    + ("" if self.language == "en" else _word("all_of", self.language))
                )
                rest = [name for name in rest if name not in members]
        names = [_say(self.procedure.state(name).name, self.language) for name in rest]
        return glue.join([*words, *([self._shortened(names, glue)] if names else [])])

    def _shortened(self, names: Sequence[str], glue: str) -> str:
        """Name a few states one by one; of many, say how many they are."""
        return glue.join(names) if len(names) <= MANY + 3 else f"{len(names)} {_word('states', self.language)}"

    def _list(self, listed: list[tuple[str, str, str]], y: float) -> str:
        if not listed:
            return ""
        parts = [
            f'<g class="listed" font-size="{_SMALL + 1}" fill="#374151">'
            f'<text x="{_MARGIN}" y="{y:.0f}" font-weight="600">{escape(_word("many", self.language))}</text>'
        ]
        first = max(_width(action, _SMALL + 1) for action, _, _ in listed) + _MARGIN + 20
        for index, (action, sources, targets) in enumerate(listed):
            at = y + (index + 1) * 19
            parts.append(
                f'<text x="{_MARGIN}" y="{at:.0f}">{escape(action)}</text>'
                f'<text x="{first:.0f}" y="{at:.0f}" fill="#6b7280">{escape(sources)} → '
                f'<tspan fill="#374151">{escape(targets)}</tspan></text>'
            )
        return "".join([*parts, "</g>"])


def _apart(row: Sequence[_Node], wanted: Sequence[float]) -> list[float]:
    """Return the places nearest to those wanted at which the boxes of a row keep their order and distance.

    Least squares under an order constraint: neighbours that would overlap are pooled and share the shift.
    """
    offsets = [0.0]
    for left, right in pairwise(row):
        gap = _BOX_GAP if left.state or right.state else 4
        offsets.append(offsets[-1] + (left.width + right.width) / 2 + gap)
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        mean, count = place - offset, 1
        while pools and pools[-1][0] > mean:
            before, members = pools.pop()
            mean = (before * members + mean * count) / (members + count)
            count += members
        pools.append((mean, count))
    flat = [mean for mean, count in pools for _ in range(count)]
    return [place + offset for place, offset in zip(flat, offsets, strict=True)]


def _arrows(drawing: str) -> str:
    """Return the arrow heads of one drawing; their ids carry its name, so that two may stand on one page."""
    return (
        f'<defs><marker id="{drawing}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" fill="#4b5563"/></marker>'
        f'<marker id="{drawing}-back" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" '
        'orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" fill="#b45309"/></marker></defs>'
    )


def _box(
    x: float,
    y: float,
    width: float,
    height: float,
    name: str,
    ink: tuple[str, str],
    kind: str,
    *,
    heavy: bool = False,
    marked: bool = False,
    dash: bool = False,
    size: int = _TEXT,
) -> str:
    fill, stroke = ink
    weight = 3 if heavy else 2 if marked else 1.2
    dashed = ' stroke-dasharray="5 4"' if dash else ""
    lines = _wrapped(name, width - 8, size)
    if len(lines) * (size + 3) > height - 4:
        size -= 2
        lines = _wrapped(name, width - 6, size)
    top = y - (len(lines) - 1) * (size + 3) / 2 + size * 0.36
    words = "".join(
        f'<tspan x="{x:.1f}" y="{top + index * (size + 3):.1f}">{escape(line)}</tspan>'
        for index, line in enumerate(lines)
    )
    bold = ' font-weight="700"' if heavy else ""
    return (
        f'<g class="{kind}"><title>{escape(name)}</title>'
        f'<rect x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width}" height="{height}" rx="9" fill="{fill}" '
        f'stroke="{stroke}" stroke-width="{weight}"{dashed}/>'
        f'<text text-anchor="middle" font-size="{size}" fill="#1b2433"{bold}>{words}</text></g>'
    )


def _role(links: Mapping[str, str]) -> str:
    """Return the role of a drawing: what holds links is no picture, or a screen reader would not find them."""
    return "group" if links else "img"


def _linked(drawn: str, address: str | None) -> str:
    return f'<a href="{escape(address)}">{drawn}</a>' if address else drawn


# --- The map of a case ---------------------------------------------------------------------------------------------

_CELL: Final = 66
_CELL_HEIGHT: Final = 40
_COLUMN: Final = 82
_ROW: Final = 62
_HEAD: Final = 20


class _Map(_Layered):
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
        for name in sorted((name for name in self.nodes if name != _ANY), key=lambda item: -self.rank[item]):
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
        label = escape(_word("map", self.language))
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="procedure-map" role="{_role(self.links)}" '
                f'aria-label="{label}" '
                f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{_FONT}">',
                _arrows("map"),
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
        fill, stroke = _INK[state.category]
        kind = f"state {state.category.value}"
        if name == self.current:
            kind += " current"
            fill, stroke = _INK[state.category]
        elif name in passed:
            kind += " visited"
        elif name in self.following:
            kind += " next"
        else:
            kind += " ahead"
            fill, stroke = "#ffffff", "#c3c9d2"
        drawn = _box(
            x,
            y,
            _CELL,
            _CELL_HEIGHT,
            _say(state.name, self.language),
            (fill, stroke),
            kind,
            heavy=name == self.current,
            marked=name in passed,
            dash=name in self.following and name != self.current,
            size=12 if self.language != "en" else 10,
        )
        return _linked(drawn, self.links.get(name))


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
    return f"M{x0 + right * half:.0f} {y0:.0f}H{end - right * turn:.0f}q{right * turn} 0 {right * turn} {-turn}V{y1 + tall + 1:.0f}"
