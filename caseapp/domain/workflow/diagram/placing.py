"""Where everything of the full drawing stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from caseapp.domain.workflow.definition import Procedure
from caseapp.domain.workflow.diagram.layers import Edge, Layered, Node
from caseapp.domain.workflow.diagram.marks import BOX_GAP, BOX_HEIGHT, LANE, LINE, MARGIN, SMALL, width_of, wrapped


@dataclass(slots=True)
class Label:
    """The words on an edge; `top` is measured from the lower side of the layer where the edge starts."""

    lines: list[str]
    x: float
    gap: int
    width: float
    edge: Edge
    top: float = 0.0


class Placed(Layered):
    """Places boxes, ways and words of the full drawing so that none lies on another."""

    def __init__(self, procedure: Procedure, language: str) -> None:
        super().__init__(procedure, language)
        self.depth = max(node.layer for node in self.nodes.values()) + 1
        self.layers: list[list[Node]] = [[] for _ in range(self.depth)]
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
                bend = Node(f"{edge.source}>{edge.target}@{layer}", layer, LANE, first.order)
                edge.bends.append(bend)
                self.layers[layer].append(bend)
        self.above: dict[str, list[Node]] = {}
        self.below: dict[str, list[Node]] = {}
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
                x += node.width + BOX_GAP
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
        shift = MARGIN - min([left, *self.lanes.values()])
        self.lanes = {target: x + shift for target, x in self.lanes.items()}
        for row in self.layers:
            for node in row:
                node.x += shift
        right = max(node.x + node.width / 2 for row in self.layers for node in row)
        self.width = right + MARGIN

    def _back_lanes(self) -> dict[str, float]:
        """Return, for each target of long ways back, the place of its lane: left of every box that it passes.

        A way back may lead down: the definition names the target first, yet a longer way leads there.
        """
        found: dict[str, float] = {}
        reach: dict[str, tuple[int, int]] = {}
        for source, target in self.backward:
            if not self._is_short(source, target):
                here, there = self.nodes[target].layer, self.nodes[source].layer
                first, last = reach.get(target, (here, here))
                reach[target] = (min(first, there), max(last, there))
        for target in sorted(reach, key=lambda name: reach[name][1] - reach[name][0]):
            first, last = reach[target]
            passed = self.layers[first : last + 1]
            edge = min(node.x - node.width / 2 for row in passed for node in row) - LANE
            while any(abs(edge - other) < LANE * 0.8 for other in found.values()):
                edge -= LANE * 0.8
            found[target] = edge
        return found

    def _is_short(self, source: str, target: str) -> bool:
        return 0 <= self.nodes[source].layer - self.nodes[target].layer <= 1

    # Labels stand on their own line, in the gap below the layer where it starts.
    def _labels(self) -> list[Label]:
        found: list[Label] = []
        for edge in self.forward.values():
            lines = [line for label in edge.labels for line in wrapped(label, 150, SMALL)]
            width = max(width_of(line) for line in lines) + 8
            found.append(Label(lines, 0.0, self.nodes[edge.source].layer, width, edge))
        return found

    def _place_y(self) -> None:
        y = float(MARGIN)
        self.row_top: list[float] = []
        for layer in range(self.depth):
            self.row_top.append(y)
            for node in self.layers[layer]:
                node.y = y + BOX_HEIGHT / 2
            y += BOX_HEIGHT + self._gap(layer, [label for label in self.labels if label.gap == layer])
        self.bottom = y

    def _gap(self, layer: int, labels: list[Label]) -> float:
        """Place the labels of the gap below a layer so that none touches another; returns the gap's height."""
        leaving = sum(1 for source, _ in self.backward if self.nodes[source].layer == layer)
        head = 12 + min(leaving, 4) * 5
        least = max((len(label.lines) for label in labels), default=1)
        for rows in range(least, least + 12):
            height = head + rows * LINE + 16
            if self._fits(labels, rows, head, height):
                return height
        return head + 16

    def _fits(self, labels: list[Label], rows: int, head: float, height: float) -> bool:
        """Try to place the labels in so many rows, the straightest edges last: they have the least choice of place."""
        taken: list[tuple[int, int, float, float]] = []
        for label in sorted(labels, key=lambda item: (-len(item.lines), -abs(self._run(item)))):
            for row in self._rows_to_try(label, rows):
                middle = head + (row + len(label.lines) / 2) * LINE
                x = self._on_curve(label, middle / height)
                left, right = x - label.width / 2 - 3, x + label.width / 2 + 3
                last = row + len(label.lines)
                if not any(
                    row < end and start < last and left < far and near < right for start, end, near, far in taken
                ):
                    taken.append((row, last, left, right))
                    label.x, label.top = x, head + row * LINE
                    break
            else:
                return False
        return True

    def _rows_to_try(self, label: Label, rows: int) -> list[int]:
        """Nearest to the end where fewer edges meet first: there the label can only mean its own edge."""
        free = list(range(rows - len(label.lines) + 1))
        leaving = sum(1 for edge in self.forward.values() if edge.source == label.edge.source)
        return list(reversed(free)) if leaving > 1 else sorted(free, key=lambda row: abs(row - (rows - 1) / 2))

    def _run(self, label: Label) -> float:
        after = (label.edge.bends or [self.nodes[label.edge.target]])[0]
        return after.x - self.nodes[label.edge.source].x

    def _on_curve(self, label: Label, share: float) -> float:
        """Return where the label's edge is after that share of the gap."""
        smooth = share * share * (3 - 2 * share)
        return self.nodes[label.edge.source].x + self._run(label) * smooth


def _apart(row: Sequence[Node], wanted: Sequence[float]) -> list[float]:
    """Return the places nearest to those wanted at which the boxes of a row keep their order and distance.

    Least squares under an order constraint: neighbours that would overlap are pooled and share the shift.
    """
    offsets = [0.0]
    for left, right in pairwise(row):
        gap = BOX_GAP if left.state or right.state else 4
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
