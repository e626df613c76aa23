"""Draws activations and functions that work number by number, and those along an axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tests.ops.case import Case, Draw, Rng, Spoil, any_shape, drop, other_dtype, set_to, some, unknown
from tests.ops.draw_functions import other_size
from tests.ops.draw_modules import set_bool

Options = Mapping[str, Sequence[Any]]


def numbers(required: Options, options: Options, dtypes: Sequence[str] = ("float",)) -> Draw:
    """Any shape and one of the dtypes, with all that is required and some of the options."""

    def draw(rng: Rng, name: str) -> Case:
        kwargs = {key: rng.choice(values) for key, values in required.items()}
        choices: dict[str, Callable[[], Any]] = {k: lambda v=v: rng.choice(v) for k, v in options.items()}
        some(rng, kwargs, **choices)
        return Case(name, kwargs, [any_shape(rng)], [rng.choice(dtypes)])

    return draw


def wrong(*names: str) -> list[Spoil]:
    """What is no number."""
    return [set_to(name, "a", None, (1.0,)) for name in names]


INPLACE: Options = {"inplace": (True, False)}
SMALL = (0.1, 0.5, 1.0, 2.0, -1.5)
FLOAT: list[Spoil] = [other_dtype, other_dtype, unknown]
#: where torch takes ints
NUMBER: list[Spoil] = [set_to("inplace", 1, "yes"), set_bool, unknown]
ANY: list[Spoil] = [unknown]
_both = ("float", "float", "int")
_all = ("float", "float", "int", "bool")

ACTIVATIONS: dict[str, tuple[Draw, list[Spoil]]] = {
    "ReLU6": (numbers({}, INPLACE, _both), [*NUMBER, unknown]),
    "LeakyReLU": (numbers({}, {"negative_slope": (0.1, 0.0, -2.0), **INPLACE}), [*FLOAT, *wrong("negative_slope")]),
    "ELU": (numbers({}, {"alpha": SMALL, **INPLACE}), [*FLOAT, *wrong("alpha")]),
    "CELU": (numbers({}, {"alpha": SMALL, **INPLACE}), [*FLOAT, *wrong("alpha"), set_to("alpha", 0, 0.0, 1e-50, 1e39)]),
    **dict.fromkeys(("SELU", "SiLU", "Mish", "Hardsigmoid", "Hardswish"), (numbers({}, INPLACE), FLOAT)),
    "GELU": (numbers({}, {"approximate": ("none", "tanh")}), [*FLOAT, set_to("approximate", "erf", None, True)]),
    "Softplus": (numbers({}, {"beta": SMALL, "threshold": (10.0, 20.0)}), [*FLOAT, *wrong("beta", "threshold")]),
    "Sigmoid": (numbers({}, {}, _all), ANY),
    "Tanh": (numbers({}, {}, _all), ANY),
    "Softsign": (numbers({}, {}, _both), [set_bool]),
    "Tanhshrink": (numbers({}, {}, _both), [set_bool]),
    "LogSigmoid": (numbers({}, {}), FLOAT),
    "Hardtanh": (numbers({}, {"min_val": (-2.0, -1.5), "max_val": (0.5, 6.0), **INPLACE}, _both),
                 [*NUMBER, *wrong("min_val", "max_val"), set_to("min_val", 7.0, 2.5), set_to("max_val", -3.0, -1.0)]),
    "Hardshrink": (numbers({}, {"lambd": SMALL}), [*FLOAT, *wrong("lambd")]),
    "Softshrink": (numbers({}, {"lambd": (0.0, 0.5, 1.0)}), [*FLOAT, *wrong("lambd"), set_to("lambd", -1, -0.5)]),
    "Threshold": (numbers({"threshold": (0.1, 1.0, -2.0), "value": (20.0, 0.0)}, INPLACE, _both),
                  [*NUMBER, drop("threshold")]),
}  # fmt: skip

FUNCTIONS: dict[str, tuple[Draw, list[Spoil]]] = {
    "relu": (numbers({}, {}, _both), [set_bool, unknown]),
    "abs": (numbers({}, {}, _both), [set_bool, unknown]),
    "neg": (numbers({}, {}, _both), [set_bool, unknown]),
    "pow": (
        numbers({"exponent": (2, 3, 0.5, 2.0, -1, 0)}, {}, _both),
        [drop("exponent"), drop("exponent"), unknown, *wrong("exponent"), set_bool],
    ),
    "leaky_relu": (numbers({}, {"negative_slope": (0.1, 0.0, -2.0)}), [*FLOAT, *wrong("negative_slope")]),
    "gelu": (numbers({}, {"approximate": ("none", "tanh")}), [*FLOAT, set_to("approximate", "erf", None, True)]),
    "silu": (numbers({}, {}), FLOAT),
    "softplus": (numbers({}, {"beta": SMALL, "threshold": (10.0, 20.0)}), [*FLOAT, *wrong("beta", "threshold")]),
    **dict.fromkeys(("sigmoid", "tanh", "exp", "log", "sqrt"), (numbers({}, {}, _all), ANY)),
}


def clamp(rng: Rng, name: str) -> Case:
    case = numbers({}, {"min": (0, -1.5, None), "max": (1, 6.0, None)}, _both)(rng, name)
    if all(bound is None for bound in case.kwargs.values()):
        case.kwargs["min"] = rng.choice((0, 0.5))
    return case


def no_bound(rng: Rng, case: Case) -> None:
    case.kwargs = rng.choice(({}, {"min": None}, {"min": None, "max": None}))


def pair(rng: Rng, name: str) -> Case:
    """Two tensors of one shape, but for axes that are 1."""
    shape = any_shape(rng)
    shapes = [tuple(1 if rng.random() < 0.15 else s for s in shape) for _ in range(2)]
    return Case(name, {}, shapes, [rng.choice(_both) for _ in range(2)])


def one_or_three(rng: Rng, case: Case) -> None:
    count = rng.choice((1, 3))
    case.shapes, case.dtypes = (case.shapes * 2)[:count], (case.dtypes * 2)[:count]


FUNCTIONS |= {
    "clamp": (clamp, [no_bound, no_bound, other_dtype, unknown, set_to("min", "a", (1,)), set_to("max", "b")]),
    **dict.fromkeys(("maximum", "minimum"), (pair, [*[other_size] * 3, *[one_or_three] * 2, other_dtype, unknown])),
}

# ------------------------------------------------------------------------------------------------ along an axis


def along(attribute: str, optional: bool, **options: Sequence[Any]) -> Draw:
    """Any shape and one of its axes; the axis may be left out where that has a default which the shape has."""

    def draw(rng: Rng, name: str) -> Case:
        shape = any_shape(rng)
        rank = max(len(shape), 1)
        kwargs: dict[str, Any] = {attribute: rng.randrange(-rank, rank)}
        if optional and rng.random() < 0.3:
            del kwargs[attribute]
        choices: dict[str, Callable[[], Any]] = {k: lambda v=v: rng.choice(v) for k, v in options.items()}
        some(rng, kwargs, **choices)
        return Case(name, kwargs, [shape])

    return draw


def halved(rng: Rng, name: str) -> Case:
    """An even axis."""
    shape = list(any_shape(rng, 1))
    axis = rng.randrange(-len(shape), len(shape))
    shape[axis] *= 2
    return Case(name, {} if axis == -1 and rng.random() < 0.5 else {"dim": axis}, [tuple(shape)])


def _outside(attribute: str) -> list[Spoil]:
    return [set_to(attribute, 5, 6, -6), set_to(attribute, 5, 7, -8), set_to(attribute, "a", 1.5), other_dtype, unknown]


ALONG: dict[str, tuple[Draw, list[Spoil]]] = {
    **dict.fromkeys(("Softmax", "LogSoftmax", "Softmin"), (along("dim", False), [*_outside("dim"), drop("dim")])),
    **dict.fromkeys(("softmax", "log_softmax"), (along("axis", True), _outside("axis"))),
    "normalize": (along("axis", True, p=(1, 2.0, 3), eps=(1e-12, 1)), [*_outside("axis"), *wrong("p", "eps")]),
    "GLU": (halved, [other_size, *_outside("dim")]),
}

# ------------------------------------------------------------------------------------------------ reductions


def reduction(*dtypes: str, **options: Sequence[Any]) -> Draw:
    def draw(rng: Rng, name: str) -> Case:
        shape = any_shape(rng)
        rank = max(len(shape), 1)
        axes = tuple(axis - rng.choice((0, rank)) for axis in rng.sample(range(rank), rng.randint(1, min(rank, 3))))
        kwargs: dict[str, Any] = {"axis": axes if rng.random() < 0.5 or len(axes) > 1 else axes[0]}
        choices: dict[str, Callable[[], Any]] = {k: lambda v=v: rng.choice(v) for k, v in options.items()}
        some(rng, kwargs, keepdim=lambda: rng.random() < 0.7, **choices)
        return Case(name, kwargs, [shape], [rng.choice(dtypes or ("float",))])

    return draw


def twice(rng: Rng, case: Case) -> None:
    case.kwargs["axis"] = rng.choice(((0, 0), (-1, 0, -1), (0, -len(case.shapes[0]))))


REDUCTION = [*_outside("axis"), twice, drop("axis"), set_to("axis", (5, 0), (), (0, "a"), None), set_to("keepdim", "a")]
REDUCTIONS: dict[str, tuple[Draw, list[Spoil]]] = {
    "mean": (reduction(), REDUCTION),
    "sum": (reduction("float", "int"), REDUCTION),
    "amax": (reduction("float", "int"), REDUCTION),
    "amin": (reduction("float", "int"), REDUCTION),
    "var": (reduction(correction=(0, 0, 0, 1, 2)), [*REDUCTION, set_to("correction", "a", (1,))]),
}
