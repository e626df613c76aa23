"""Values have Python's meaning; what the language refuses of it is refused in words."""

from __future__ import annotations

import math

import pytest

from tests.elaborate.evaluating import mistake_of, value_of


@pytest.mark.parametrize(
    "text",
    [
        "1 + 2 * 3",
        "2 ** 10",
        "-7 // 2",
        "-7 % 3",
        "7 / 2",
        "2 ** -1",
        "1.5 * 2",
        "10 - 2 - 3",
        "-2 ** 2",
        "5 // 2.0",
        "'a' + 'b'",
        "1 < 2 < 3",
        "3 < 2 < 1 / 1",
        "1 == 1.0",
        "'a' < 'b'",
        "not 0",
        "not ''",
        "1 and 2",
        "0 or 'x'",
        "0 and 1 / 0",
        "None == None",
        "1 != None",
        "3 in (1, 2, 3)",
        "1.0 in (1, 2)",
        "'b' in 'abc'",
        "4 not in (1, 2)",
        "(1, 2) == (1, 2)",
        "(1, 2) == (1, 2, 3)",
        "(1, (2, 3)) == (1, (2, 3))",
        "1 if 2 > 1 else 1 / 0",
        "(1, 2, 3)[-1]",
        "(1, 2, 3, 4)[1:3]",
        "(1, 2, 3, 4)[::-1]",
        "'abc'[1:]",
        "(1, 2, 3)[5:]",
        "(1, 2, 3)[-2:]",
        "{'a': 1, 'b': 2}['b']",
        "{1: 'x', 2: 'y'}[2]",
        "len({'a': 1})",
        "'a' in {'a': 1}",
        "tuple_",
        "(1,)",
        "()",
        "[*(1, 2), 3]",
    ],
)
def test_python_says_the_same(text: str) -> None:
    text = text.replace("tuple_", "(1, 2)")
    expected = eval(text)
    assert value_of(text) == (tuple(expected) if isinstance(expected, list) else expected)
    assert type(value_of(text)) is type(tuple(expected) if isinstance(expected, list) else expected)


@pytest.mark.parametrize(
    "text",
    [
        "range(3)",
        "range(2, 5)",
        "range(5, 0, -2)",
        "range(0)",
        "len((1, 2))",
        "len('abc')",
        "min(3, 1, 2)",
        "min((3, 1))",
        "max(1.5, 2)",
        "max('a', 'b')",
        "sum((1, 2, 3.5))",
        "any((0, 1))",
        "all((1, 0))",
        "any(())",
        "round(2.5)",
        "round(3.5)",
        "round(2.675, 2)",
        "round(7)",
        "ceil(1.2)",
        "floor(-1.2)",
        "int(2.9)",
        "int('12')",
        "float(3)",
        "float('1.5')",
        "str(3)",
        "str(0.1)",
        "str(True)",
        "str(None)",
        "abs(-3)",
        "sorted((3, 1, 2))",
        "sorted(('b', 'a'))",
        "reversed((1, 2))",
        "zip((1, 2), ('a', 'b', 'c'))",
        "enumerate(('a', 'b'))",
        "enumerate(('a', 'b'), 1)",
        "[i * 2 for i in range(4) if i % 2]",
        "[i + j for i in (1, 2) for j in (10, 20)]",
        "[a for a, b in zip((1, 2), (3, 4))]",
        "{k: k * k for k in range(3)}",
        "[x for row in ((1, 2), (3,)) for x in row]",
        "[[i] * 0 if False else i for i in (1,)]",
    ],
)
def test_python_builtins(text: str) -> None:
    names = {"ceil": math.ceil, "floor": math.floor}
    expected = eval(text, names)
    as_tuple = (list, range, zip, enumerate, reversed)
    expected = (
        tuple(tuple(x) if isinstance(x, list) else x for x in expected) if isinstance(expected, as_tuple) else expected
    )
    assert value_of(text) == expected
    assert type(value_of(text)) is type(expected)


def test_functions_beyond_python() -> None:
    assert value_of("prod((2, 3, 4))") == 24
    assert value_of("prod(())") == 1
    assert value_of("sqrt(9)") == 3.0
    assert value_of("log(8, 2)") == pytest.approx(3)
    assert value_of("is_list((1,))") is True
    assert value_of("is_list([])") is True
    assert value_of("is_list(1)") is False


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("1 == 'a'", "NS207", "`==` compares an int with a string"),
        ("1 == True", "NS207", "`==` compares an int with a bool"),
        ("'a' != 1", "NS207", "`!=` compares a string with an int"),
        ("True + 1", "NS207", "`+` does not work on a bool and an int"),
        ("(1, 2) + (3,)", "NS207", "`+` does not work on a list and a list"),
        ("2 * (1, 2)", "NS207", "`*` does not work on an int and a list"),
        ("'a' * 3", "NS207", "`*` does not work on a string and an int"),
        ("'a' + 1", "NS207", "`+` does not work on a string and an int"),
        ("1 < 'a'", "NS207", "`<` does not compare an int and a string"),
        ("None < 1", "NS207", "`<` does not compare None and an int"),
        ("'x' in (1, 2)", "NS207", "`in` looks for a string among ints"),
        ("1 in 5", "NS207", "`in` does not look for an int in an int"),
        ("1 / 0", "NS207", "division by zero"),
        ("1 // 0", "NS207", "division by zero"),
        ("0 ** -1", "NS207", "division by zero"),
        ("(-1) ** 0.5", "NS207", "a root of a negative number"),
        ("sqrt(-1)", "NS207", "`sqrt` is not defined for -1"),
        ("log(0)", "NS207", "`log` is not defined for 0"),
        ("(1, 2)[2]", "NS212", "index 2 of a list of 2"),
        ("()[0]", "NS212", "index 0 of a list of 0"),
        ("{'a': 1}['b']", "NS212", 'no entry "b"'),
        ("(1, 2)['a']", "NS207", "an index is an int, not a string"),
        ("(1, 2)[True]", "NS207", "an index is an int, not a bool"),
        ("5[0]", "NS207", "an int has no items"),
        ("(1, 2)[::0]", "NS207", "a slice's step cannot be 0"),
        ("range(1, 2, 0)", "NS207", "the step of `range` cannot be 0"),
        ("range(1.5)", "NS207", "`range` needs ints, not a float"),
        ("range()", "NS202", "`range` takes 1 to 3 arguments, not 0"),
        ("len(1, 2)", "NS204", "`len` takes 1 argument, not 2"),
        ("len(3)", "NS207", "`len` needs a list, not an int"),
        ("min(())", "NS207", "`min` of an empty list"),
        ("min(1, 'a')", "NS207", "`min` needs numbers, not a string"),
        ("sorted((1, 'a'))", "NS207", "`sorted` needs numbers, or strings"),
        ("int('x')", "NS207", '"x" is no int'),
        ("int(None)", "NS207", "`int` does not take None"),
        ("round(1, n=2)", "NS201", "`round` takes no argument `n`"),
        ("[i for i in 3]", "NS207", "a loop needs a list, not an int"),
        ("[a for a, b in ((1, 2, 3),)]", "NS207", "2 names for 3 values"),
        ("[a for a, b in (1, 2)]", "NS207", "2 names for an int"),
        ("[*3]", "NS207", "`*` needs a list, not an int"),
        ("-'a'", "NS207", "`-` needs a number, not a string"),
        ("{Conv2d: 1}", "NS207", "the op `Conv2d` cannot be a key"),
        ("3()", "NS207", "an int cannot be called"),
        ("len", "NS207", "`len` is a function, and no value"),
        ("lenn(3)", "NS200", "unknown name `lenn`"),
        ("not Conv2d", "NS207", "the op `Conv2d` is neither true nor false"),
        ("-1 * Conv2d(3, 1)", "NS207", "a step cannot be repeated -1 times"),
        ("1.5 * Conv2d(3, 1)", "NS207", "`*` does not work on a float and the op `Conv2d`"),
    ],
)
def test_refusals(text: str, code: str, words: str) -> None:
    found = mistake_of(text)
    assert (found.code, found.message[: len(words)]) == (code, words)


def test_a_bool_is_no_key_like_an_int() -> None:
    assert value_of("{1: 'a', True: 'b'}[1]") == "a"
    assert value_of("{1: 'a', 1.0: 'b'}") == {1: "b"}
    assert value_of("True in (1, True)") is True
    assert mistake_of("True in (1, 2)").code == "NS207"


def test_none_compares_with_anything() -> None:
    assert value_of("None == Conv2d") is False
    assert value_of("None in (1, None)") is True
    assert value_of("None in ('a', 'b')") is False


def test_parts_are_equal_when_their_arguments_are() -> None:
    assert value_of("Conv2d(3, 1) == Conv2d(3, kernel_size=1)") is True
    assert value_of("Conv2d(3, 1) == Conv2d(3, 2)") is False
    assert value_of("Conv2d != ReLU") is True


def test_interpolation() -> None:
    assert value_of('"layer{1 + 1}.{{x}}"') == "layer2.{x}"
    assert value_of("\"{'a' if True else 'b'}_x\"") == "a_x"
    assert value_of('"{(1, 2)} {0.5} {None}"') == "(1, 2) 0.5 None"


def test_names_of_comprehensions_do_not_stay() -> None:
    assert value_of("f(1)", "fn f(i) = [[i for i in range(3)], i]") == ((0, 1, 2), 1)


def test_functions() -> None:
    declarations = "fn round_to(c, m = 8) = (c + m // 2) // m * m\n"
    declarations += "fn twice(x, times = len(x)) = [v for v in x for k in range(times)]"
    assert value_of("round_to(13)", declarations) == 16
    assert value_of("round_to(13, m=4)", declarations) == 12
    assert value_of("twice((1, 2))", declarations) == (1, 1, 2, 2)
    assert mistake_of("round_to()", declarations).message == "`round_to` needs `c`"
    assert mistake_of("round_to(1, 2, 3)", declarations).code == "NS204"
    assert mistake_of("round_to(1, k=2)", declarations).help == "it takes `c`, `m`"
    assert mistake_of("round_to", declarations).code == "NS207"


def test_functions_see_only_their_parameters_and_the_file() -> None:
    assert value_of("f(1)", "const k = 10\nfn f(x) = x + k") == 11
    assert mistake_of("[f(1) for hidden in (1,)]", "fn f(x) = x + hidden").message == "unknown name `hidden`"


def test_typed_parameters_of_functions() -> None:
    declarations = "fn f(x: int[2], y: str? = None) = (x, y)"
    assert value_of("f(3)", declarations) == ((3, 3), None)
    assert mistake_of("f((1, 2, 3))", declarations).message == "`x` of `f` must be int[2]"


def test_constants() -> None:
    assert value_of("b", "const a = 2\nconst b = a * 3") == 6
    assert value_of("b", "const b = a * 3\nconst a = 2") == 6
    assert mistake_of("a", "const a = b\nconst b = a").code == "NS209"


def test_constants_of_blocks() -> None:
    block = "block B(n: int) {\n const half = 2\n const expansion = 2 * half\n input x\n "
    block += "output x -> c: Conv(n * expansion, 1)\n}"
    assert value_of("B.expansion", block) == 4
    assert value_of("B(3).expansion", block) == 4
    assert mistake_of("B.expanson", block).help == "did you mean `expansion`?"
    assert mistake_of("B.n", block).help == "`n` is its parameter; only a `const` can be read from outside"
    assert mistake_of("Conv2d.expansion").code == "NS200"
