"""Colours that can be read."""

from __future__ import annotations

import pytest

from netspec.ops import registry
from netspec.render.formats.theme import THEMES, Theme, contrast
from netspec.render.picture import FAMILIES, MARKS

EACH = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda t: t.name)


@EACH
def test_text_has_a_contrast_of_at_least_four_and_a_half(theme: Theme) -> None:
    paints = [*theme.families.values(), *theme.marks.values()]
    grounds = [theme.page, *(paint.fill for paint in paints)]
    assert min(contrast(theme.ink, ground) for ground in grounds) >= 4.5
    assert contrast(theme.faint, theme.page) >= 4.5


@EACH
def test_lines_stand_out_from_the_page(theme: Theme) -> None:
    assert min(contrast(colour, theme.page) for colour in (theme.line, theme.down, theme.up)) >= 4.5
    assert min(contrast(colour, theme.page) for colour in (theme.skip, theme.optional)) >= 3
    assert min(contrast(theme.marks[mark].border, theme.page) for mark in MARKS) >= 4.5


@EACH
def test_every_family_has_a_colour(theme: Theme) -> None:
    assert list(theme.families) == [*FAMILIES, "plain", "operator"]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_no_two_families_look_alike(name: str) -> None:
    theme = THEMES[name]
    assert list(theme.marks) == ["same", *MARKS]
    assert len({(p.fill, p.border) for p in theme.marks.values()}) == len(theme.marks)
    assert len({(p.fill, p.border) for p in theme.families.values()}) == len(theme.families)


def test_every_op_is_of_a_family_that_pictures_know() -> None:
    names = [name for f in registry.FAMILIES for name in (*f.spatial, *f.plain, *f.functions)]
    found = [registry.find(name) for name in names]
    assert {f.op.family for f in found if f is not None} <= set(FAMILIES)


def _lines(theme: Theme) -> tuple[str, ...]:
    return theme.line, theme.down, theme.up, theme.skip, theme.optional


@EACH
def test_colours_are_written_with_six_digits(theme: Theme) -> None:
    paints = [c for p in (*theme.families.values(), *theme.marks.values()) for c in (p.fill, p.border)]
    for colour in (theme.page, theme.ink, theme.faint, theme.frame, *_lines(theme), *paints):
        assert len(colour) == 7
        assert colour[0] == "#"
        int(colour[1:], 16)


def test_dark_red_on_a_dark_page_was_the_mistake() -> None:
    dark = THEMES["dark"]
    assert contrast("#880000", dark.page) < 2 < 4.5 < contrast(dark.down, dark.page)
