"""Freezing and checkpointing as code: what a network's constructor does with the modules that policies select.

Whether a module is frozen depends on where it stands, so that its class cannot say it. The constructor puts a callable
in the place of ``train`` on the one module, or of ``forward``: torch calls both by their names, of containers too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from netspec.graph import Definition, Policy
from netspec.graph.decisions import Selection, beginnings, selections
from netspec.graph.policies import targets
from netspec.pytorch.layout import INDENT
from netspec.pytorch.names import place
from netspec.pytorch.paths import FEW, Paths, loop, member, named_loop, tested

#: What the constructor does to a module.
ACTIONS = {
    "freeze": "_pin({}.requires_grad_(False))",
    "freeze_weights": "{}.requires_grad_(False)",
    "freeze_stats": "_pin({})",
    "checkpoint": "_checkpoint({})",
}


class Act(NamedTuple):
    """What is done to the members of a selection; ``getter`` finds them by their path."""

    selection: Selection
    action: str
    getter: str = "get_submodule"

    @property
    def policy(self) -> Policy:
        return self.selection.policy

    @property
    def source(self) -> str:
        return place(self.policy.span)

    def on(self, path: str, base: str = "self") -> str:
        """``_pin(self.layer1.requires_grad_(False))``."""
        return self.action.format(member(path, base, self.getter))


def policy_lines(root: Definition, where: Paths) -> list[str]:
    """The statements for all policies of a network but ``init``; none where it has none."""
    lines: list[str] = []
    for selection in selections(root, *ACTIONS):
        for act in _acts(selection, where):
            lines += _by_class(act, where) or _by_block(act, where) or _beneath(act, where) or list(_by_path(act))
    return lines


def _acts(selection: Selection, where: Paths) -> Iterator[Act]:
    """A parameter only loses its gradient, whatever is done to modules."""
    is_tensor = {path: path in where.tensors for path in selection.paths}
    modules, tensors = (
        selection.only({path for path, found in is_tensor.items() if found is wanted}) for wanted in (False, True)
    )
    if modules.members:
        yield Act(modules, ACTIONS[selection.policy.kind])
    if tensors.members:
        yield Act(tensors, ACTIONS["freeze_weights"], "get_parameter")


# ----------------------------------------------------------------------------------------------------- forms


def _by_class(act: Act, where: Paths) -> list[str]:
    """``if isinstance(module, nn.BatchNorm3d)``, where that finds what a policy without a path acts on, and no more."""
    classes = [] if act.policy.quoted else _classes({*act.selection.paths}, where)
    return [*loop(tested(classes), act.source), INDENT * 2 + act.on("", "module")] if classes else []


def _by_block(act: Act, where: Paths) -> list[str]:
    """``if isinstance(module, Bottleneck3d)`` with the member's path, where each instance of the block has it."""
    names = list(dict.fromkeys(name for d in act.selection.definitions if (name := where.class_of(d))))
    wanted = dict.fromkeys(relative for _, relative in act.selection.members)
    reached = {(owner, path) for name in names for owner in where.blocks.get(name, ()) for path in wanted}
    if reached != {*act.selection.members}:
        return []
    return [*loop(tested(names), act.source), *(INDENT * 2 + act.on(path, "module") for path in wanted)]


def _beneath(act: Act, where: Paths) -> list[str]:
    """``for module in self.layer1.modules():`` for the norms beneath a few paths of the network's own policy."""
    if act.policy.kind != "freeze_stats" or any(owner for owner, _ in act.selection.members):
        return []
    tops = targets(act.selection.definitions[0], act.policy)
    lines: list[str] = []
    for top in tops:
        norms = {path for path in act.selection.paths if top in beginnings(path)}
        classes = _classes(norms, where, top)
        if norms == {top}:
            lines.append(f"{act.on(top)}  # {act.source}")
        elif classes:
            lines += [*loop(tested(classes), act.source, member(top)), INDENT * 2 + act.on("", "module")]
        elif norms:
            return []
    return lines if len(tops) <= FEW else []


def _by_path(act: Act) -> Iterator[str]:
    """One statement per member, or a loop over the paths where they are many."""
    if len(act.selection.paths) <= FEW:
        yield from (f"{act.on(path)}  # {act.source}" for path in act.selection.paths)
        return
    yield from named_loop(act.selection.paths, act.source)
    yield INDENT + act.action.format(f"self.{act.getter}(name)")


def _classes(paths: set[str], where: Paths, top: str = "") -> list[str]:
    """The classes whose modules beneath ``top`` are just those at these paths; none where there are no such classes."""
    chosen: list[str] = []
    covered: set[str] = set()
    for name, everywhere in (where.blocks | (where.ops if where.plain else {})).items():
        found = {path for path in everywhere if top in beginnings(path)}
        if found and found <= paths and not found <= covered:
            chosen.append(name)
            covered |= found
    return chosen if covered == paths else []


# ----------------------------------------------------------------------------------------------------- the code

_INSTEAD = '''
class _Instead:
    """Stands in the place of one module's method, and goes with its copies and pickles; ``del`` takes it away."""

    def __init__(self, module: nn.Module) -> None:
        self.reference = weakref.ref(module)

    def module(self) -> nn.Module:
        module = self.reference()
        if module is None:
            raise ReferenceError("the module of this method is gone: keep it in a variable first")
        return module

    def __getstate__(self) -> nn.Module:
        return self.module()

    def __setstate__(self, module: nn.Module) -> None:
        self.reference = weakref.ref(module)
'''

_PIN = '''
class _Pinned(_Instead):
    """``train`` of a module that stays in evaluation mode, with all that it contains."""

    def __call__(self, mode: bool = True) -> nn.Module:
        module = self.module()
        return type(module).train(module, False)


def _pin(module: nn.Module) -> None:
    """Keep a module in evaluation mode: ``train()`` on it, in it or above it changes nothing."""
    for each in module.modules():
        each.train = _Pinned(each)
    module.eval()
'''

_CHECKPOINT = '''
class _Checkpointed(_Instead):
    """``forward`` of a module that keeps only its inputs, and computes the rest again for the gradients."""

    def __call__(self, *inputs: object, **options: object) -> object:
        module = self.module()
        forward = type(module).forward
        if not torch.is_grad_enabled():
            return forward(module, *inputs, **options)
        return torch.utils.checkpoint.checkpoint(forward, module, *inputs, use_reentrant=False, **options)


def _checkpoint(module: nn.Module) -> None:
    """Have torch.utils.checkpoint call a module."""
    module.forward = _Checkpointed(module)
'''


def policy_helpers(lines: Iterable[str]) -> list[str]:
    """The classes and functions that the statements call."""
    called = [code for name, code in (("_pin(", _PIN), ("_checkpoint(", _CHECKPOINT)) if _calls(lines, name)]
    return [_INSTEAD, *called] if called else []


def scripting_lines(network: str, lines: Iterable[str]) -> Iterator[str]:
    """The method by which torch.jit.script asks a network for what it shall script."""
    lost = [word for name, word in (("_pin(", "freezing"), ("_checkpoint(", "checkpoints")) if _calls(lines, name)]
    if lost:
        yield "def __prepare_scriptable__(self) -> nn.Module:"
        yield f'{INDENT}"""For torch.jit.script, which knows no methods of single modules."""'
        yield f"{INDENT}attributes = (value for each in self.modules() for value in vars(each).values())"
        yield f"{INDENT}if any(isinstance(value, _Instead) for value in attributes):"
        yield f"{INDENT * 2}raise RuntimeError("
        yield f'{INDENT * 3}"{network} cannot be scripted: TorchScript would lose its {" and ".join(lost)}; "'
        yield f'{INDENT * 3}"build it without these (the state dict is the same), or use torch.compile or torch.export"'
        yield f"{INDENT * 2})"
        yield f"{INDENT}return self"
        yield ""


def _calls(lines: Iterable[str], name: str) -> bool:
    return any(line.strip().startswith(name) for line in lines)
