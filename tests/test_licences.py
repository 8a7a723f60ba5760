"""What is installed with subemo may be: each package's licence is listed, and goes with the GPL."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

LISTED = Path(__file__).parents[1] / "docs" / "licences.md"

#: Compatible with GPL-3.0-or-later (the FSF's list, "GPL-Compatible Free Software Licenses").
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "GPL-3.0-or-later",
    "GPL-3.0-only", "LGPL-2.1-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip
#: How packages without an SPDX expression say it.
_WORDS = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "GNU General Public License (GPL)": "GPL-3.0-only",
}


#: What is installed, and with which extras, by name.
Packages = dict[str, tuple[Distribution, frozenset[str]]]


def installed(
    name: str, extras: frozenset[str] = frozenset(), found: Packages | None = None
) -> Packages:
    """The package and all that it needs, by name."""
    found = {} if found is None else found
    package = distribution(name)
    key = package.name.lower().replace("_", "-")
    if key in found and extras <= found[key][1]:
        return found
    found[key] = (package, extras)
    for line in package.requires or []:
        needed = Requirement(line)
        wanted = extras or {""}
        if needed.marker and not any(needed.marker.evaluate({"extra": e}) for e in wanted):
            continue
        try:
            installed(needed.name, frozenset(needed.extras), found)
        except PackageNotFoundError:
            continue  # of another platform
    return found


def licence(package: Distribution) -> str:
    """An SPDX expression."""
    metadata: Any = package.metadata  # a message of `email`, whose protocol says less
    told = metadata.get("License-Expression")
    if told:
        return str(told)
    short = (metadata.get("License") or "").strip()
    classified = [
        line.rpartition("::")[2].strip()
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    for words in (short, *classified):
        if words in _WORDS or all(part in ALLOWED for part in parts(words)):
            return str(_WORDS.get(words, words))
    return f"unknown: {short[:60]} {classified}"


def parts(expression: str) -> list[str]:
    return re.split(r" (?:AND|OR) ", expression) if expression else ["nothing"]


def table() -> str:
    """The list, as it is committed."""
    rows = [
        f"| {name} | {licence(package)} |"
        for name, (package, _) in sorted(installed("subemo").items())
        if name != "subemo"
    ]
    return "\n".join(rows)


def test_every_licence_goes_with_ours() -> None:
    assert {"numpy", "ctranslate2", "pysrt", "idna"} <= installed("subemo").keys()
    for name, (package, _) in installed("subemo").items():
        unfit = set(parts(licence(package))) - ALLOWED
        assert not unfit, f"{name}: {licence(package)}"


def test_every_licence_is_listed() -> None:
    listed = set(LISTED.read_text().splitlines())
    missing = [row for row in table().splitlines() if row not in listed]
    assert not missing, "add to docs/licences.md:\n" + "\n".join(missing)


def test_a_licence_that_is_unknown_is_no_licence(tmp_path: Path) -> None:
    folder = tmp_path / "odd-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: odd\nVersion: 1\nLicense: Secret\n"
    )
    assert set(parts(licence(Distribution.at(folder)))) - ALLOWED
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1\n")
    assert set(parts(licence(Distribution.at(folder)))) - ALLOWED
