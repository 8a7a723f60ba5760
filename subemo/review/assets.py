"""The scripts and styles of the studio and of review pages."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from html import escape
from importlib import resources

#: What binds a module to others, none of which use a name that another has.
_JOINTS = re.compile(
    r'^import \{[^}]*\} from "\./\w+\.js";\n|^export (?=const|let|class|function)', re.MULTILINE
)
#: The modules of the page's script, in order of dependency.
_PARTS = ("base", "backend", "player", "list", "wave", "desk", "dialogs", "main")

#: The Content-Security-Policy of the served page.
SERVED_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "media-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def script() -> bytes:
    """The page's script: its modules as one, since a page that is a file cannot import others."""
    return "".join(_JOINTS.sub("", _text(f"{part}.js")) for part in _PARTS).encode()


@cache
def style() -> bytes:
    """The page's style sheet."""
    return _text("page.css").encode()


@cache
def served_page() -> bytes:
    """The page that the studio serves, which requests everything else."""
    head = '<link rel="stylesheet" href="app.css">\n<link rel="icon" href="data:,">'
    foot = '<script type="module" src="app.js"></script>'
    return _page({"LANGUAGE": "en", "TITLE": "subemo", "HEAD": head, "FOOT": foot})


def whole_page(title: str, data: Mapping[str, str]) -> bytes:
    """A page as one file that loads only the film.

    Args:
        title: the page's title
        data: its data as JSON, by the id of the element that has it
    """
    program, look = script().decode(), style().decode()
    policy = (
        f"default-src 'none'; script-src {_hash(program)}; style-src {_hash(look)}; "
        "media-src 'self' file: blob:; base-uri 'none'; form-action 'none'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{look}</style>'
    pieces = (
        f'<script type="application/json" id="{name}">{_in_script(piece)}</script>\n'
        for name, piece in data.items()
    )
    foot = f'{"".join(pieces)}<script type="module">{program}</script>'
    return _page({"LANGUAGE": "en", "TITLE": escape(title), "HEAD": head, "FOOT": foot})


def _page(pieces: dict[str, str]) -> bytes:
    parts = _text("page.html").split("@@")
    whole = "".join(pieces[part] if i % 2 else part for i, part in enumerate(parts))
    return whole.encode("utf-8", "replace")


def _hash(text: str) -> str:
    """The policy's hash of inline content."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def _in_script(text: str) -> str:
    """Escapes JSON so that it cannot end a script or begin a comment."""
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _text(name: str) -> str:
    return resources.files(__package__).joinpath("static", name).read_text(encoding="utf-8")
