"""The full drawing: every state, every action on its edge or in the list below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from caseapp.domain.workflow.definition import PREVIOUS, SAME, Category, Procedure
from caseapp.domain.workflow.diagram.layers import ANY, MANY, Edge, Node
from caseapp.domain.workflow.diagram.marks import (
    BOX_HEIGHT,
    BOX_WIDTH,
    FONT,
    INK,
    LINE,
    MARGIN,
    SMALL,
    TEXT,
    arrows,
    box,
    linked,
    role_of,
    say,
    width_of,
    word,
)
from caseapp.domain.workflow.diagram.placing import Label, Placed


class Drawing(Placed):
    """The whole procedure as SVG."""

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

    def svg(self) -> str:
        listed = self._listed()
        legend = self._legend(self.bottom + 4)
        height = self.bottom + 30 + (len(listed) + 1) * 19 + MARGIN if listed else self.bottom + 40
        title = escape(f"{say(self.procedure.name, self.language)} v{self.procedure.version}")
        width = max(self.width, 760)
        return "".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" class="procedure-diagram" role="{role_of(self.links)}" '
                f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}" '
                f'font-family="{FONT}" font-size="{TEXT}">',
                f"<title>{title}</title>",
                arrows("diagram"),
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

    def _edge(self, edge: Edge) -> str:
        first, last = self.nodes[edge.source], self.nodes[edge.target]
        points = [(first.x, first.y + BOX_HEIGHT / 2)]
        for bend in edge.bends:
            points += [(bend.x, bend.y - BOX_HEIGHT / 2), (bend.x, bend.y + BOX_HEIGHT / 2)]
        points.append((last.x, last.y - BOX_HEIGHT / 2 - 1))
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
        kind += " general" if edge.source == ANY else ""
        colour, wide = ("#1f4e8c", 2.6) if taken else ("#4b5563", 1.7) if edge.primary else ("#9ca3af", 1.2)
        dash = ' stroke-dasharray="5 4"' if edge.source == ANY else ""
        return (
            f'<path class="{kind}" d="{"".join(path)}" stroke="{colour}" stroke-width="{wide}"{dash} '
            f'marker-end="url(#diagram-arrow)"/>'
        )

    def _back_edge(self, edge: Edge) -> str:
        """A way back: short ones beside the boxes, long ones along a lane on the left, one lane for each target."""
        first, last = self.nodes[edge.source], self.nodes[edge.target]
        title = f"<title>{escape('／'.join(edge.labels))}</title>"
        look = (
            'class="edge back" stroke="#b45309" stroke-width="1.1" stroke-dasharray="4 3" '
            'marker-end="url(#diagram-back)"'
        )
        half = BOX_WIDTH / 2
        if self._is_short(edge.source, edge.target):
            if first.layer == last.layer:
                side = 1 if first.x < last.x else -1
                x0, x1 = first.x + side * half, last.x - side * (half + 1)
                path = f"M{x0:.1f} {first.y:.1f}L{x1:.1f} {last.y:.1f}"
            else:
                side = 1 if first.x >= last.x else -1
                x0, y0 = first.x + side * half * 0.6, first.y - BOX_HEIGHT / 2
                x1, y1 = last.x + side * half * 0.6, last.y + BOX_HEIGHT / 2 + 1
                middle = (y0 - y1) * 0.5
                path = f"M{x0:.1f} {y0:.1f}C{x0:.1f} {y0 - middle:.1f} {x1:.1f} {y1 + middle:.1f} {x1:.1f} {y1:.1f}"
            return f'<path {look} d="{path}">{title}</path>'
        lane = self.lanes[edge.target]
        leaving = sorted(name for name, target in self.backward if self.nodes[name].layer == first.layer)
        out = first.y + BOX_HEIGHT / 2 + 8 + 5 * min(leaving.index(edge.source), 3)
        x0 = first.x - half * 0.7
        into = last.y
        free = all(node.x >= last.x for node in self.layers[last.layer])
        start = f"M{x0:.1f} {first.y + BOX_HEIGHT / 2:.1f}V{out - 5:.1f}q0 5 -5 5H{lane + 6:.1f}q-6 0 -6 -6"
        if free:
            path = f"{start}V{into + 6:.1f}q0 -6 6 -6H{last.x - half - 1:.1f}"
        else:
            over = last.y - BOX_HEIGHT / 2 - 11
            x1 = last.x - half * 0.7
            path = f"{start}V{over + 6:.1f}q0 -6 6 -6H{x1 - 5:.1f}q5 0 5 5V{last.y - BOX_HEIGHT / 2 - 1:.1f}"
        return f'<path {look} d="{path}">{title}</path>'

    def _label(self, label: Label) -> str:
        top = self.row_top[label.gap] + BOX_HEIGHT + label.top
        lines = "".join(
            f'<tspan x="{label.x:.1f}" y="{top + 11 + index * LINE:.1f}">{escape(line)}</tspan>'
            for index, line in enumerate(label.lines)
        )
        back = (
            f'<rect class="label-back" x="{label.x - label.width / 2:.1f}" y="{top:.1f}" width="{label.width:.1f}" '
            f'height="{len(label.lines) * LINE}" rx="3" fill="#ffffff" fill-opacity="0.86"/>'
        )
        return f'{back}<text class="label" text-anchor="middle" font-size="{SMALL}" fill="#374151">{lines}</text>'

    def _state(self, node: Node) -> str:
        if node.id == ANY:
            return box(
                node.x,
                node.y,
                BOX_WIDTH,
                BOX_HEIGHT,
                word("any", self.language),
                ("#ffffff", "#6b7280"),
                "any",
                dash=True,
            )
        state = self.procedure.state(node.id)
        kind = f"state {state.category.value}"
        kind += " visited" if node.id in self.visited else ""
        kind += " current" if node.id == self.current else ""
        kind += " initial" if node.id == self.procedure.initial else ""
        drawn = box(
            node.x,
            node.y,
            BOX_WIDTH,
            BOX_HEIGHT,
            say(state.name, self.language),
            INK[state.category],
            kind,
            heavy=node.id == self.current,
            marked=node.id in self.visited,
        )
        return linked(drawn, self.links.get(node.id))

    def _legend(self, y: float) -> str:
        parts = ['<g class="legend">']
        x = float(MARGIN)
        for category in Category:
            if not any(state.category is category for state in self.procedure.states):
                continue
            fill, stroke = INK[category]
            name = word(category.value, self.language)
            parts.append(
                f'<rect x="{x:.0f}" y="{y:.0f}" width="18" height="12" rx="3" fill="{fill}" stroke="{stroke}"/>'
                f'<text x="{x + 24:.0f}" y="{y + 10:.0f}" font-size="{SMALL}" fill="#374151">{escape(name)}</text>'
            )
            x += 24 + width_of(name) + 22
        return "".join([*parts, "</g>"])

    def _listed(self) -> list[tuple[str, str, str]]:
        """Return (action, from, to) of every action that is listed instead of drawn."""
        found = []
        for action in self.general:
            targets = []
            for post in action.posts:
                if post.to == PREVIOUS:
                    targets.append(word("back", self.language))
                elif post.to != SAME:
                    targets.append(say(self.procedure.state(post.to).name, self.language))
            found.append(
                (
                    say(action.name, self.language),
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
                    word(category.value, self.language)
                    + ("" if self.language == "en" else word("all_of", self.language))
                )
                rest = [name for name in rest if name not in members]
        names = [say(self.procedure.state(name).name, self.language) for name in rest]
        return glue.join([*words, *([self._shortened(names, glue)] if names else [])])

    def _shortened(self, names: Sequence[str], glue: str) -> str:
        """Name a few states one by one; of many, say how many they are."""
        return glue.join(names) if len(names) <= MANY + 3 else f"{len(names)} {word('states', self.language)}"

    def _list(self, listed: list[tuple[str, str, str]], y: float) -> str:
        if not listed:
            return ""
        parts = [
            f'<g class="listed" font-size="{SMALL + 1}" fill="#374151">'
            f'<text x="{MARGIN}" y="{y:.0f}" font-weight="600">{escape(word("many", self.language))}</text>'
        ]
        first = max(width_of(action, SMALL + 1) for action, _, _ in listed) + MARGIN + 20
        for index, (action, sources, targets) in enumerate(listed):
            at = y + (index + 1) * 19
            parts.append(
                f'<text x="{MARGIN}" y="{at:.0f}">{escape(action)}</text>'
                f'<text x="{first:.0f}" y="{at:.0f}" fill="#6b7280">{escape(sources)} → '
                f'<tspan fill="#374151">{escape(targets)}</tspan></text>'
            )
        return "".join([*parts, "</g>"])
