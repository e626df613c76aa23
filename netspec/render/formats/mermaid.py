"""A picture as a Mermaid flowchart."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, zip_longest

from netspec.render.formats.rows import CHARACTER, content_width, rows
from netspec.render.formats.theme import Theme, channels, theme_named
from netspec.render.picture import FAMILIES, MARKS, SIZES, STAGE, WAYS, Box, Cluster, Link, Picture, RenderError
from netspec.render.words import (
    DIVIDED,
    JOINER,
    LABEL_LENGTH,
    MINUS,
    NOTE_LENGTH,
    SIZE_SIGNS,
    TIMES,
    one_line,
    shortened,
)

#: What mermaid.js takes by default (maxEdges, maxTextSize).
MOST_EDGES = 500
MOST_CHARACTERS = 50_000

#: Characters that mean nothing to Mermaid, YAML or HTML inside a quoted label; letters and digits of any script too.
_HARMLESS = frozenset(" .,()[]+*/=_-?!'|^…→·↓↑" + TIMES + DIVIDED + MINUS)
_SHAPES = {"box": ("[", "]"), "round": ("([", "])"), "double": ("[[", "]]"), "circle": ("((", "))")}
_WAY_KEYS = {"skip": "──▶", "projection": "┄┄▶", "optional": "┄┄▶"}
#: The classes of charts with the author's labels.
OPERATOR, OPTIONAL = "diagramop", "blockoptional"


def mermaid(picture: Picture, theme: str = "light") -> str:
    """The text of a flowchart that mermaid.js 11 and 12 lay out alike; the same picture gives the same text.

    Ids are generated, labels escaped, and nothing is a directive, so a spec's words cannot become instructions.
    Raises `RenderError` where mermaid.js would refuse the chart: over 500 links or 50,000 characters.
    """
    text = "\n".join(_chart(picture, theme_named(theme))) + "\n"
    links = len(picture.links)
    if links > MOST_EDGES or len(text) > MOST_CHARACTERS:
        raise RenderError(
            f"too large for mermaid.js: {links} links of at most {MOST_EDGES}, {len(text):,} characters of at most "
            f"{MOST_CHARACTERS:,}; write .svg or .dot instead, or draw one block (--block)"
        )
    return text


def escaped(text: str) -> str:
    """A label's text: what could mean something to Mermaid or HTML stands as an entity, ``#35;`` for ``#``.

    So does a plus before a blank, which Markdown takes for a list. Formulas (``$$``) and icons (``fa:fa-car``) are
    looked for after entities are read: an invisible joiner breaks them.
    """
    broken = one_line(text).replace("$$", f"${JOINER}$").replace(":fa-", f":{JOINER}fa-")
    return "".join(c if c.isalnum() or c in _HARMLESS else f"#{ord(c)};" for c in broken).replace("+ ", "#43; ")


def _chart(picture: Picture, theme: Theme) -> Iterator[str]:
    yield from _front_matter(picture, theme)
    yield "flowchart TB"
    yield from _cluster(picture, None, "    ")
    yield from (f"    {_link(link)}" for link in picture.links)
    yield from _unseen_links(picture)
    yield from _legend(picture, theme)
    yield from _classes(picture, theme)
    yield from _link_styles(picture, theme)


def _front_matter(picture: Picture, theme: Theme) -> Iterator[str]:
    title = " · ".join(shortened(one_line(t), NOTE_LENGTH).rstrip(".") for t in (picture.title, *picture.notes))
    yield from ("---", f'title: "{_yaml(title)}"', "config:", f"  theme: {theme.mermaid}", "  look: classic")
    yield from ("  layout: dagre", "  flowchart:", "    wrappingWidth: 400", "  themeVariables:")
    yield from (f'    edgeLabelBackground: "{theme.page}"', f'    titleColor: "{theme.ink}"', "---")


def _yaml(text: str) -> str:
    """The inside of a double-quoted YAML scalar; ``-->`` and the like cannot end the front matter."""
    return "".join(c if c.isalnum() or c in _HARMLESS else f"\\U{ord(c):08X}" for c in text)


def _cluster(picture: Picture, cluster: str | None, indent: str) -> Iterator[str]:
    yield from (f"{indent}{_box(box)}" for box in picture.inside(cluster))
    frames = picture.clusters_inside(cluster)
    charts = [c for row in rows(picture) for c in reversed(row)] if cluster is None else []
    for inner in charts or frames:  # mermaid.js places the last chart of a row first
        yield f'{indent}subgraph {inner.id}["{_frame_title(picture, inner)}"]'
        if picture.stands_alone(inner):
            yield f"{indent}    direction TB"  # without it mermaid.js draws such a frame from left to right
        if inner.notes:
            yield f'{indent}    {inner.id}notes["{"<br>".join(map(_label, inner.notes))}"]:::notes'
        yield from _cluster(picture, inner.id, indent + "    ")
        yield f"{indent}end"


def _frame_title(picture: Picture, frame: Cluster) -> str:
    """The title with room before it, which puts it beside the arrow that comes in.

    In a frame that stands in another one only as far as what it holds is wide: a longer title would widen the frame
    beyond the one around it.
    """
    if frame.optional or not picture.entered(frame):
        return _label(frame.whole_title if not frame.parent else frame.title)
    if not frame.fact:
        return _room(frame.title) + _label(frame.title)
    wide = content_width(picture, frame) / CHARACTER
    fits = [t for t in (frame.whole_title, frame.title) if 2 * len(t) <= wide]
    return _room(fits[0]) + _label(fits[0]) if fits else _label(frame.title)


def _room(title: str) -> str:
    """Blanks, about as wide as a title."""
    return "#160;" * (2 * len(title) + 5)


def _box(box: Box) -> str:
    opening, closing = _SHAPES[box.shape]
    named = {"plain": "", "operator": f":::{OPERATOR}"}.get(box.family, f":::{box.family}")
    look = f":::{box.mark}" if box.mark else named
    return f'{box.id}{opening}"{"<br>".join(_lines(box))}"{closing}{look}'


def _lines(box: Box) -> Iterator[str]:
    bold = (box.lines or box.note) and box.family != "plain"
    yield f"<b>{_label(box.title)}</b>" if bold else _label(box.title)
    yield from map(_label, box.lines)
    yield from (f"<b>{_label(line)}</b>" for line in box.changes)
    if box.note:
        yield f"<small>{_label(box.note)}</small>"


def _label(text: str) -> str:
    return escaped(shortened(one_line(text), 2 * LABEL_LENGTH)) or " "


def _link(link: Link) -> str:
    label = f'|"{"<br>".join(_link_lines(link))}"|' if link.label else ""
    return f"{link.source} {'-.->' if link.dashed else '-->'}{label} {link.target}"


def _link_lines(link: Link) -> Iterator[str]:
    """Labels of links are cut into lines at 200 pixels, unless their blanks do not break."""
    if link.told:
        yield from map(_label, link.label.split("\n"))
    else:
        lines = map(_label, (SIZE_SIGNS.get(link.size, "") + link.label).split("\n"))
        yield from (line.replace(" ", "\N{NO-BREAK SPACE}") for line in lines)


def _unseen_links(picture: Picture) -> Iterator[str]:
    """Notes stand above the first box of their chart, rows of charts below each other."""
    for chart in picture.charts:
        first = next(b.id for b in picture.boxes if b.id in picture.within(chart))
        yield from [f"    {chart.id}notes ~~~ {first}"] if chart.notes else []
    for row, below in pairwise(rows(picture)):
        yield from (f"    {a.id} ~~~ {b.id}" for a, b in zip_longest(row, below, fillvalue=row[-1]) if b in below)


def _legend(picture: Picture, theme: Theme) -> list[str]:
    """One box with a line per family, and per kind of link that needs a word."""
    entries = "<br>".join(_keys(picture, theme))
    below = [f"    {picture.boxes[-1].id} ~~~ legend"] if _parts_at_once(picture) else []
    return [f'    legend["{entries}"]:::legend', *below] if entries else []


def _parts_at_once(picture: Picture) -> bool:
    """Do links part at the top of a chart, where the legend would stand in their way? It stands below then."""
    targets, sources = {k.target for k in picture.links}, [k.source for k in picture.links]
    return not picture.charts and any(b.id not in targets and sources.count(b.id) > 1 for b in picture.boxes)


def _keys(picture: Picture, theme: Theme) -> Iterator[str]:
    yield from (_key("■", theme.families[f].border, FAMILIES[f]) for f in theme.told(picture.families))
    yield from (_key("■", theme.marks[m].border, escaped(" ".join(MARKS[m]))) for m in picture.marks)
    if picture.has_stages:
        yield _key("◫", theme.ink, STAGE)
    yield from (_key("━━▶", theme.size(s), f"{SIZE_SIGNS[s]}{SIZES[s]}") for s in picture.size_changes)
    yield from (_key(_WAY_KEYS[way], theme.line, WAYS[way]) for way in picture.ways)


def _key(sign: str, colour: str, words: str) -> str:
    """A coloured sign and what it stands for; ``rgb()``, because ``#`` begins an entity."""
    return f"<span style='color:rgb({','.join(map(str, channels(colour)))})'>{sign}</span> {words}"


def _classes(picture: Picture, theme: Theme) -> Iterator[str]:
    for family in picture.families:
        paint = theme.families[family]
        yield f"    classDef {family} fill:{paint.fill},stroke:{paint.border},color:{theme.ink}"
    for mark in ("same", *picture.marks) if any(b.mark for b in picture.boxes) else ():
        yield f"    classDef {mark} {_marked(mark, theme)},color:{theme.ink}"
    if any(b.family == "operator" for b in picture.boxes):
        paint = theme.families["operator"]
        yield f"    classDef {OPERATOR} fill:{paint.fill}, stroke:{paint.border}"
    if any(c.notes for c in picture.charts):
        yield f"    classDef notes fill:none,stroke:none,color:{theme.faint}"
    if _legend(picture, theme):
        yield f"    classDef legend fill:{theme.page},stroke:{theme.frame},text-align:left"
    yield from _frames(picture, theme)
    yield from (f"    style {b.id} stroke-dasharray:5 5" for b in picture.boxes if b.dashed and not b.mark)


def _frames(picture: Picture, theme: Theme) -> Iterator[str]:
    optional = [c.id for c in picture.clusters if c.optional]
    if optional:
        yield f"    classDef {OPTIONAL} fill:none, stroke-dasharray:10,10, stroke:{theme.optional}"
        yield f"    class {','.join(optional)} {OPTIONAL}"
    for frame in (c for c in picture.clusters if not c.optional):
        colour = theme.marks[frame.mark].border if frame.mark in MARKS else theme.frame
        yield f"    style {frame.id} fill:none,stroke:{colour},color:{theme.ink}"


def _marked(mark: str, theme: Theme) -> str:
    """The look of what is marked: a thick border, of what was removed a dashed one."""
    paint = theme.marks[mark]
    width = ",stroke-width:2px" if mark in MARKS else ""
    return f"fill:{paint.fill},stroke:{paint.border}{width}" + (",stroke-dasharray:5 5" if mark == "removed" else "")


def _link_styles(picture: Picture, theme: Theme) -> Iterator[str]:
    """Links are numbered in order of appearance."""
    if not all(link.told for link in picture.links):
        yield f"    linkStyle default color:{theme.ink}"
    marks = [link.mark for link in picture.links]
    for mark in picture.marks:
        if mark in marks:
            numbers = ",".join(str(i) for i, m in enumerate(marks) if m == mark)
            yield f"    linkStyle {numbers} stroke-width:2px, stroke:{theme.marks[mark].border}"
    colours = [theme.thick(link) for link in picture.links]
    for colour in dict.fromkeys(c for c in colours if c):
        numbers = ",".join(str(i) for i, c in enumerate(colours) if c == colour)
        yield f"    linkStyle {numbers} stroke-width:4px, stroke:{_short(colour)}"


def _short(colour: str) -> str:
    """``#800`` for ``#880000``."""
    return "#" + colour[1::2] if colour[1::2] == colour[2::2] else colour
