"""A picture as a Mermaid flowchart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from netspec.render.labels import DIVIDED, JOINER, LABEL_LENGTH, MINUS, SIZE_SIGNS, TIMES, one_line, shortened
from netspec.render.picture import FAMILIES, SIZES, STAGE, WAYS, Box, Link, Picture, RenderError
from netspec.render.theme import Theme, channels, theme_named

#: What mermaid.js takes by default (maxEdges, maxTextSize).
MOST_EDGES = 500
MOST_CHARACTERS = 50_000

#: Characters that mean nothing to Mermaid, YAML or HTML inside a quoted label; letters and digits of any script too.
_HARMLESS = frozenset(" .,()[]+*/=_-?!'|^…→·↓↑" + TIMES + DIVIDED + MINUS)
_SHAPES = {"box": ("[", "]"), "round": ("([", "])"), "double": ("[[", "]]"), "circle": ("((", "))")}
_ARROWS = {"plain": "-->", "skip": "-->", "projection": "-.->"}
_WAY_KEYS = {"skip": "──▶", "projection": "┄┄▶"}


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
            f"{MOST_CHARACTERS:,}; write .svg or .dot instead"
        )
    return text


def escaped(text: str) -> str:
    """A label's text: what could mean something to Mermaid or HTML stands as an entity, ``#35;`` for ``#``.

    Formulas (``$$``) and icons (``fa:fa-car``) are looked for after entities are read: an invisible joiner breaks them.
    """
    broken = one_line(text).replace("$$", f"${JOINER}$").replace(":fa-", f":{JOINER}fa-")
    return "".join(c if c.isalnum() or c in _HARMLESS else f"#{ord(c)};" for c in broken)


def _chart(picture: Picture, theme: Theme) -> Iterator[str]:
    yield from _front_matter(picture, theme)
    yield "flowchart TB"
    yield from _cluster(picture, None, "    ")
    yield from (f"    {_link(link)}" for link in picture.links)
    yield from _legend(picture, theme)
    yield from _classes(picture, theme)
    yield from _link_styles(picture, theme)


def _front_matter(picture: Picture, theme: Theme) -> Iterator[str]:
    title = " · ".join(one_line(t).rstrip(".") for t in (picture.title, *picture.notes))
    yield from ("---", f'title: "{_yaml(title)}"', "config:", f"  theme: {theme.mermaid}", "  look: classic")
    yield from ("  layout: dagre", "  flowchart:", "    wrappingWidth: 400", "  themeVariables:")
    yield from (f'    edgeLabelBackground: "{theme.page}"', f'    titleColor: "{theme.ink}"', "---")


def _yaml(text: str) -> str:
    """The inside of a double-quoted YAML scalar; ``-->`` and the like cannot end the front matter."""
    return "".join(c if c.isalnum() or c in _HARMLESS else f"\\U{ord(c):08X}" for c in text)


def _cluster(picture: Picture, cluster: str | None, indent: str) -> Iterator[str]:
    yield from (f"{indent}{_box(box)}" for box in picture.inside(cluster))
    for inner in picture.clusters_inside(cluster):
        room = "#160;" * (2 * len(inner.title) + 5)  # puts the title beside the arrow that comes in
        yield f'{indent}subgraph {inner.id}["{room}{_label(inner.title)}"]'
        yield from _cluster(picture, inner.id, indent + "    ")
        yield f"{indent}end"


def _box(box: Box) -> str:
    opening, closing = _SHAPES[box.shape]
    return f'{box.id}{opening}"{"<br>".join(_lines(box))}"{closing}:::{box.family}'


def _lines(box: Box) -> Iterator[str]:
    yield f"<b>{_label(box.title)}</b>" if box.lines or box.note else _label(box.title)
    yield from map(_label, box.lines)
    if box.note:
        yield f"<small>{_label(box.note)}</small>"


def _label(text: str) -> str:
    return escaped(shortened(one_line(text), 2 * LABEL_LENGTH)) or " "


def _link(link: Link) -> str:
    label = f'|"{_unbroken(SIZE_SIGNS.get(link.size, "") + link.label)}"|' if link.label else ""
    return f"{link.source} {_ARROWS[link.way]}{label} {link.target}"


def _unbroken(text: str) -> str:
    """Labels of links are cut into lines at 200 pixels, unless their blanks do not break."""
    return _label(text).replace(" ", "\N{NO-BREAK SPACE}")


def _legend(picture: Picture, theme: Theme) -> list[str]:
    """One box with a line per family, and per kind of link that needs a word."""
    entries = [_key("■", theme.families[f].border, FAMILIES[f]) for f in theme.told(picture.families)]
    entries += [_key("◫", theme.ink, STAGE)] if picture.has_stages else []
    entries += [_key("━━▶", theme.link(size), f"{SIZE_SIGNS[size]}{SIZES[size]}") for size in picture.size_changes]
    entries += [_key(_WAY_KEYS[way], theme.line, WAYS[way]) for way in picture.ways]
    return [f'    legend["{"<br>".join(entries)}"]:::legend'] if entries else []


def _key(sign: str, colour: str, words: str) -> str:
    """A coloured sign and what it stands for; ``rgb()``, because ``#`` begins an entity."""
    return f"<span style='color:rgb({','.join(map(str, channels(colour)))})'>{sign}</span> {words}"


def _classes(picture: Picture, theme: Theme) -> Iterator[str]:
    for family in picture.families:
        paint = theme.families[family]
        yield f"    classDef {family} fill:{paint.fill},stroke:{paint.border},color:{theme.ink}"
    yield f"    classDef legend fill:{theme.page},stroke:{theme.frame},text-align:left"
    yield from (f"    style {c.id} fill:none,stroke:{theme.frame},color:{theme.ink}" for c in picture.clusters)
    dashed = [b.id for b in picture.boxes if b.dashed] + [c.id for c in picture.clusters if c.dashed]
    yield from (f"    style {name} stroke-dasharray:5 5" for name in dashed)


def _link_styles(picture: Picture, theme: Theme) -> Iterator[str]:
    """Links are numbered in order of appearance."""
    if picture.links:
        yield f"    linkStyle default color:{theme.ink}"
    for size in picture.size_changes:
        numbers = [i for i, link in enumerate(picture.links) if link.size == size]
        if numbers:
            yield f"    linkStyle {_listed(numbers)} stroke-width:4px,stroke:{theme.link(size)}"


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))
