"""ARCHITECTURE.md is true: every module, path, name, command and package in it exists."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from subemo.cli import cli

from .conftest import ROOT

TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "subemo"
#: A part of a path that stands for any.
_ANY = re.compile(r"\b[A-Z]{3,}\b")
_SUFFIXES = (".py", ".toml", ".json", ".npz", ".importlinter")
_NAME = re.compile(r"[A-Za-z_]\w*")


def quoted(text: str) -> list[str]:
    """What stands in backticks, apart from the drawing."""
    said = re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
    return [" ".join(one.split()) for one in said]


@cache
def defined(folder: Path) -> frozenset[str]:
    """The modules and packages in a folder, and every name that they define."""
    names = {path.parent.name for path in folder.glob("**/__init__.py")}
    for path in folder.rglob("*.py"):
        names.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
    return frozenset(names)


@cache
def source() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))


def exists(path: str) -> bool:
    """Whether a path of the repository, or the end of one of the package, exists; or a file's name is
    one that the code reads or writes."""
    pattern = _ANY.sub("*", path).rstrip("/")
    if any(True for _ in ROOT.glob(pattern)) or any(True for _ in PACKAGE.glob(f"**/{pattern}")):
        return True
    ends = (path, f".{path.partition('.')[2]}") if path.count(".") > 1 else (path,)
    return "/" not in path and any(f'"{end}"' in source() for end in ends)


def wrong(names: list[str], folder: Path = PACKAGE) -> Iterator[str]:
    """Those of some quoted names that do not exist; names of code must be of a folder."""
    commands = cli.list_commands(click.Context(cli))
    for one in names:
        first, *rest = one.split()
        if first == "subemo" and rest:
            found = rest[0] in commands
        elif first in ("python", "make") or first.startswith("--"):
            found = True  # `tests/test_docs.py` knows them
        elif "/" in one or one.endswith(_SUFFIXES) or _ANY.search(one):
            found = exists(one) or exists(f"models/{one}")
        else:
            known = defined(folder) if one.islower() else defined(PACKAGE)
            found = set(_NAME.findall(one.removeprefix("subemo."))) <= known
        if not found:
            yield one


def test_every_name_exists() -> None:
    names = quoted(TEXT)
    assert len(names) > 100
    assert list(wrong(names)) == []


def test_every_module_of_a_package_is_in_that_package() -> None:
    rows = re.findall(r"^\| ((?:`\w+/` ?)+)\| (.*) \|$", TEXT, re.M)
    of_packages = [(quoted(packages), quoted(text)) for packages, text in rows]
    assert sum(len(names) for _, names in of_packages) > 40
    for packages, names in of_packages:
        found = [set(wrong(names, PACKAGE / package)) for package in packages]
        assert set.intersection(*found) == set(), packages


@pytest.mark.parametrize(
    "gone",
    ["HeardFilm", "analysis/gaps.py", "formats/nothing.py", "subemo hear", "nothing.toml"],
)
def test_what_does_not_exist_is_found(gone: str) -> None:
    assert list(wrong([gone])) == [gone]
    assert list(wrong(["hearing"], PACKAGE / "analysis")) == ["hearing"]


def test_every_package_is_there() -> None:
    drawn = re.search(r"```\n(.*?)```", TEXT, re.S)
    assert drawn is not None
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages == {name for name in _NAME.findall(drawn[1]) if name in packages}
    assert {name for name in packages if f"`{name}/`" not in TEXT} == set()
