"""What CONTRIBUTING.md says of sizes, checked on the package's syntax trees.

A function's lines are those from `def` to its end, its docstring among them and its decorators
not. Its parameters are all but `self` and `cls`, `*args` and `**kwargs`, keyword-only ones included.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import subemo

MOST_PARAMETERS = 8
MOST_FUNCTION_LINES = 60
MOST_MODULE_LINES = 500

PACKAGE = Path(subemo.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def faults(source: str) -> Iterator[str]:
    """What of a module's source is too large."""
    lines = len(source.splitlines())
    if lines > MOST_MODULE_LINES:
        yield f"{lines} lines in the module"
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        arguments = node.args
        names = [
            one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        ]
        parameters = len([name for name in names if name not in ("self", "cls")])
        if parameters > MOST_PARAMETERS:
            yield f"{node.name}: {parameters} parameters"
        assert node.end_lineno is not None
        length = node.end_lineno - node.lineno + 1
        if length > MOST_FUNCTION_LINES:
            yield f"{node.name}: {length} lines"


@pytest.mark.parametrize("module", [path.relative_to(PACKAGE).as_posix() for path in MODULES])
def test_modules_and_functions_are_small(module: str) -> None:
    assert list(faults((PACKAGE / module).read_text(encoding="utf-8"))) == []


def test_what_is_too_large_is_found() -> None:
    signature = ", ".join(f"p{number}" for number in range(7))
    fits = f"class A:\n    def f(self, {signature}, *rest, p7, **more): pass\n"
    assert list(faults(fits)) == []
    assert list(faults(fits.replace("p7", "p7, p8"))) == ["f: 9 parameters"]
    body = "@property\ndef g():\n" + "    x = 1\n" * (MOST_FUNCTION_LINES - 1)
    assert list(faults(body)) == []
    assert list(faults(body + "    x = 1\n")) == ["g: 61 lines"]
    assert list(faults("x = 1\n" * MOST_MODULE_LINES)) == []
    assert list(faults("x = 1\n" * (MOST_MODULE_LINES + 1))) == [
        f"{MOST_MODULE_LINES + 1} lines in the module"
    ]
    assert MODULES
