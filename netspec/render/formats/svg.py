"""A picture as SVG, laid out by Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netspec.render.formats.dot import dot
from netspec.render.formats.layout import laid_out, output
from netspec.render.formats.running import Failed
from netspec.render.picture import Picture
from netspec.render.words import JOINER, one_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
#: Graphviz measured Helvetica; where there is none, fonts of the same widths come next.
FONTS = "Helvetica, Arial, 'Liberation Sans', Arimo, sans-serif"
XLINK = "http://www.w3.org/1999/xlink"


def svg(picture: Picture, theme: str = "light") -> str:
    """The text of an SVG file. Raises `RenderError` where no Graphviz can draw it (see `.layout`)."""
    source = dot(picture, theme)
    return laid_out("svg", lambda program: finished(output(program, source, "-Tsvg"), picture.title))


def finished(drawn: bytes, title: str) -> str:
    """What a Graphviz drew, the same from all of them in what browsers do with it.

    Text in boxes is centred by the browser, whose fonts are not those that Graphviz measured; what the pointer shows
    is the tooltip, not a generated id; links and comments go. Raises `Failed` for anything but SVG.
    """
    from xml.etree import ElementTree

    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    try:
        root = ElementTree.fromstring(drawn)
    except ElementTree.ParseError as error:
        raise Failed(f"wrote no SVG ({error})") from None
    if root.tag != f"{{{SVG}}}svg":
        raise Failed("wrote no SVG")
    root.set("role", "img")
    for group in root.iter(f"{{{SVG}}}g"):
        _finish(group, title)
    for text in root.iter(f"{{{SVG}}}text"):
        text.text = (text.text or "").replace(JOINER, "")
        text.set("font-family", FONTS)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _finish(group: Element, title: str) -> None:
    kind = group.get("class")
    if kind is None:
        return
    texts = [title] if kind == "graph" else []
    for child in list(group):
        texts += _unwrapped(group, child)
    _entitle(group, "\n".join(dict.fromkeys(t for t in map(_visible, texts) if t)))
    if kind == "node":
        _centre(group)


def _unwrapped(group: Element, child: Element) -> list[str]:
    """Put what a link holds in its place; the link's tooltip."""
    anchor = child.find(f"{{{SVG}}}a")
    if anchor is None:
        return []
    place = list(group).index(child)
    group.remove(child)
    for offset, element in enumerate(anchor):
        group.insert(place + offset, element)
    return [anchor.get(f"{{{XLINK}}}title", "")]


def _visible(text: str) -> str:
    return "\n".join(filter(None, map(one_line, text.replace(JOINER, "").splitlines())))


def _entitle(group: Element, text: str) -> None:
    found = group.find(f"{{{SVG}}}title")
    if found is not None and text:
        found.text = text
    elif found is not None:
        group.remove(found)


def _centre(node: Element) -> None:
    middle = _middle(node)
    for text in node.iter(f"{{{SVG}}}text"):
        if middle is not None:
            text.set("x", f"{middle:g}")
            text.set("text-anchor", "middle")


def _middle(node: Element) -> float | None:
    """The middle of the first shape of a node, from left to right."""
    for shape in node:
        if shape.get("cx"):
            return float(shape.get("cx", "0"))
        if shape.tag == f"{{{SVG}}}polygon":
            xs = [float(point.split(",")[0]) for point in shape.get("points", "").split()]
            return (min(xs) + max(xs)) / 2
        if shape.tag == f"{{{SVG}}}path":
            numbers = shape.get("d", "").translate(str.maketrans("MCLZ", "    ")).split()
            xs = [float(point.split(",")[0]) for point in numbers]
            return (min(xs) + max(xs)) / 2
    return None
