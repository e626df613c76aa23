"""Policies that change nothing, because another one of the same block decides (NS508)."""

from __future__ import annotations

from netspec.diagnostics import Diagnostic, Label
from netspec.graph import Definition, Policy
from netspec.graph.decisions import beginnings
from netspec.graph.policies import definitions, is_named, targets, unrepeated
from netspec.lints.uses import Uses

#: Which policies do all that one of this kind does.
_COVERS = {
    "freeze": ("freeze",), "freeze_weights": ("freeze", "freeze_weights"), "freeze_stats": ("freeze", "freeze_stats"),
}  # fmt: skip

#: Blocks with more policies, or with more layers below, are left alone.
MOST, LARGEST = 60, 20_000


def policies(definition: Definition, uses: Uses) -> None:
    """Each policy of a block against the others of that block."""
    own = [policy for policy in definition.policies if uses.own(policy.span)]
    if not 1 < len(definition.policies) <= MOST or not own or definition.node_count > LARGEST:
        return
    block = _Block(definition)
    for policy in own:
        others = (o for o in definition.policies if o.span != policy.span)
        by = next((o for o in others if block.decides(o, policy)), None)
        uses.add("NS508", policy.span, _objection(policy, by) if by else None)


def _objection(policy: Policy, by: Policy) -> Diagnostic:
    message = f"this `{policy.kind}` changes nothing"
    related = (Label(by.span, "this one decides" if policy.kind == "init" else "this one does it already"),)
    help_ = "leave it out, or correct a selector"
    return Diagnostic("NS508", message, Label(policy.selector_span), related, help=help_)


class _Block:
    """A definition with what its policies name, found once."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._named: dict[Policy, set[str]] = {}

    def named(self, policy: Policy) -> set[str]:
        if policy not in self._named:
            self._named[policy] = set(targets(self.definition, policy))
        return self._named[policy]

    def decides(self, one: Policy, other: Policy) -> bool:
        """Whether one policy leaves nothing to the other one."""
        if other.kind == "init":
            attributes = {name for name, _ in other.settings} <= {name for name, _ in one.settings}
            return one.kind == "init" and attributes and _rank(one) > _rank(other) and self._names_all(one, other)
        if one.kind not in _COVERS.get(other.kind, ()):
            return False
        outer, inner = self.named(one), self.named(other)
        if not inner or not all(not outer.isdisjoint(beginnings(path)) for path in inner):
            return False
        mutual = one.kind == other.kind and outer == inner
        return one.span.start < other.span.start if mutual else True

    def _names_all(self, one: Policy, other: Policy) -> bool:
        """Whether one selector names all that another one names. Names are compared without unfolding repetitions."""
        if one.quoted or other.quoted:
            return bool(self.named(other)) and self.named(other) <= self.named(one)
        bodies = [unrepeated(m.body) for d in definitions(self.definition) for m in d.modules]
        chosen = [is_named(body, one.selector) for body in bodies if is_named(body, other.selector)]
        return bool(chosen) and all(chosen)


def _rank(policy: Policy) -> tuple[int, int]:
    """Which of two ``init`` of a block wins: a path beats a glob, a glob a name; then the later one."""
    return (0 if not policy.quoted else 1 if "*" in policy.selector else 2), policy.span.start
