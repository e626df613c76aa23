"""A network's end: all that its ops and blocks need of open sizes is settled together, one mistake for one cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netspec.diagnostics import Diagnostic, Label
from netspec.dims import Condition, Domain, decide, symbol, symbols_of
from netspec.dims.alternatives import implies
from netspec.dims.code import UnreadableError, condition_text
from netspec.dims.several import COMPARED
from netspec.dims.together import Share, together
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.proofs.clauses import Clause, clauses_of, edits_of, mixes_batch, pair_of
from netspec.elaborate.proofs.obligations import Obligation
from netspec.elaborate.session import Session
from netspec.elaborate.values.words import bounded, count
from netspec.graph import Contract, InputPort
from netspec.source import Span

#: The most other places that one diagnostic shows.
_SHOWN = 4
#: The most notes.
_NOTES = 8


def settle(draft: Draft, session: Session) -> None:
    """Report what the network's contract does not settle; what is not proven, and what ops need, the module checks."""
    pending: list[tuple[Obligation, Condition]] = []
    for obligation in [] if session.assuming else session.obligations:
        verdicts = {c: decide(c, session.domain) for c, _ in obligation.conditions}
        unknown = [c for c, v in verdicts.items() if v.truth == "unknown" and v.counterexample is None]
        failed = [c for c, v in verdicts.items() if v.truth != "always" and c not in unknown]
        pending += [(obligation, c) for c in failed]
        if not failed and all(_checkable(c) for c in unknown):
            _check_at_the_door(draft, [(c, obligation.diagnostic.primary.span) for c in unknown], "unproven")
        elif not failed:
            _report(_not_proven(obligation, unknown[0]), draft, session)
    for group, shares in _groups(pending, session):
        _report(_unsettled(group, shares, [c for _, c in pending], draft, session), draft, session)
    _check_at_the_door(draft, _needed(session), "needed")


def _report(diagnostic: Diagnostic, draft: Draft, session: Session) -> None:
    session.report(diagnostic)
    draft.failed = True


# --------------------------------------------------------------------------------------------------- one cause


def _groups(pending: Sequence[tuple[Obligation, Condition]],
            session: Session) -> list[tuple[list[Obligation], list[Share]]]:  # fmt: skip
    """Obligations that hang together by a size that they need, the one that asks for most first, with their shares."""
    shares = list(together([c for _, c in pending], session.domain))
    groups: list[tuple[list[Obligation], list[Share]]] = []
    while shares:
        found = [shares.pop(0)]
        owners = _owners(found[0], pending)
        while more := next((s for s in shares if any(o in owners for o in _owners(s, pending))), None):
            shares.remove(more)
            found.append(more)
            owners += [o for o in _owners(more, pending) if o not in owners]
        strongest = pending[found[0].strongest][0]
        groups.append(([strongest, *(o for o in owners if o is not strongest)], found))
    return groups


def _owners(share: Share, pending: Sequence[tuple[Obligation, Condition]]) -> list[Obligation]:
    return list(dict.fromkeys(pending[member][0] for member in share.members))


def _unsettled(group: list[Obligation], shares: list[Share], conditions: Sequence[Condition], draft: Draft,
               session: Session) -> Diagnostic:  # fmt: skip
    """What to say of obligations that the contract does not settle: the strongest one stands for all."""
    strongest, *others = group
    diagnostic = strongest.diagnostic
    notes = [_when(share, diagnostic) for share in shares if f"`{share.verdict.holds}`" not in diagnostic.message]
    if others:
        notes.append(f"{count(len(others), 'more join')} {'needs' if len(others) == 1 else 'need'} part of it")
    places = [s for s in dict.fromkeys(o.diagnostic.primary.span for o in others) if s != diagnostic.primary.span]
    related = (*diagnostic.related, *(Label(place, "needs part of it") for place in places[:_SHOWN]))
    clauses = [] if any(s.verdict.truth == "never" for s in shares) else clauses_of(shares, conditions, session)
    pairs = [pair for clause in clauses if (pair := pair_of(clause, draft, session))]
    clauses = [] if any(mixes_batch(pair, draft) for pair in pairs) else clauses
    return replace(diagnostic, primary=_label(strongest, conditions), related=related,
                   help=_help(clauses, strongest, pairs), notes=tuple(dict.fromkeys(notes))[:_NOTES],
                   edits=() if pairs else edits_of(clauses, draft, session))  # fmt: skip


def _label(obligation: Obligation, pending: Sequence[Condition]) -> Label:
    """The place of a join, with the sizes that differ; of others as it is."""
    primary = obligation.diagnostic.primary
    words = [words for condition, words in obligation.conditions if condition in pending]
    if obligation.diagnostic.code != "NS301" or not words:
        return primary
    return Label(primary.span, words[0] + (f", and {count(len(words) - 1, 'more size')}" if len(words) > 1 else ""))


def _help(clauses: Sequence[Clause], obligation: Obligation, pairs: Sequence[tuple[str, str]]) -> str:
    """The contract; before it, that two names may be of one size."""
    if not clauses:
        return obligation.remedy
    written = bounded(" and ".join(dict.fromkeys(clause.text for clause in clauses)), 300)
    several = ", ".join(f"`{a}` and `{b}`" for a, b in pairs)
    names = f"give {several} one name if they are one size" if pairs else ""
    admit = f"admit only such sizes, with `where {written}` at the network's input"
    return "; or ".join(filter(None, (names, admit, obligation.remedy)))


def _when(share: Share, diagnostic: Diagnostic) -> str:
    """``equal only when H % 2 == 0, fails at H = 1``."""
    verdict, equal = share.verdict, diagnostic.code == "NS301"
    if verdict.truth == "never":
        return f"never {'equal' if equal else 'true'} for the sizes that are admitted"
    sizes = verdict.counterexample
    fails = "fails at " + ", ".join(f"{n} = {v}" for n, v in sizes.items()) if sizes else "not for every size"
    return f"{'equal' if equal else 'holds'} only when {bounded(verdict.holds, 200)}, {fails}"


def _not_proven(obligation: Obligation, condition: Condition) -> Diagnostic:
    """A condition of which nothing is known, and that the module cannot compute."""
    sizes = f"{bounded(str(condition.left))} equals {bounded(str(condition.right))}"
    return replace(obligation.diagnostic, code="NS303", message=f"cannot prove that {sizes}", help=obligation.remedy)


def _checkable(condition: Condition) -> bool:
    """Whether a module can compute a condition from its inputs' sizes."""
    names = symbols_of(condition.left) | symbols_of(condition.right)
    try:
        condition_text(condition, {name: name for name in names})
    except UnreadableError:
        return False
    return True


# --------------------------------------------------------------------------------------------------- the door


def _check_at_the_door(draft: Draft, conditions: Sequence[tuple[Condition, Span]], kind: str) -> None:
    """Conditions become part of the network's contract, which the module checks."""
    ports = [s for s in draft.steps.values() if isinstance(s.body, InputPort)]
    for condition, span in conditions:
        names = symbols_of(condition.left) | symbols_of(condition.right)
        port = next((p for p in ports if any(names & symbols_of(d) for d in p.types[0].dims)), ports[0])
        draft.contracts.append(Contract(str(condition), condition, port.name, span, kind))  # type: ignore[arg-type]


def _needed(session: Session) -> list[tuple[Condition, Span]]:
    """What ops need besides least sizes (``H >= 2 or W >= 2``), without what follows from the rest."""
    kept = dict(session.checks)
    least = tuple(Condition(symbol(name), ">=", number) for name, (number, _) in session.minimums.items())
    for condition in list(kept):
        if any(implies(c, condition) for c in kept if c is not condition):
            del kept[condition]
    for condition in list(kept) if len(kept) <= COMPARED else ():
        others = (*session.domain.conditions, *least, *(c for c in kept if c is not condition))
        if decide(condition, Domain(others)).truth == "always":
            del kept[condition]
    return list(kept.items())
