"""Publishes judged captions and films, written as by `annotate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..annotation import Annotation
from ..core.errors import SettingsError
from ..core.files import check_writable
from ..core.progress import OnStep
from ..formats.naming import tagged_path, tagged_stem
from ..formats.registry import BY_SUFFIX, FORMATS, form_for
from ..formats.writing import check_captions_writable, outputs_of, write_captions
from ..render import burn, mux
from ..tagging.colours import Palette

#: The kinds of outputs, in the order of writing.
KINDS = ("captions", "mux", "burn")
_FILM_SUFFIXES = {
    "mux": (".mkv", ".mp4", ".m4v", ".webm"),
    "burn": (".mp4", ".m4v", ".mov", ".mkv"),
}


@dataclass(frozen=True)
class Publication:
    """The outputs to write, beside the film or its subtitles.

    Attributes:
        targets: paths by kind, see `KINDS`
        overwrite: whether existing files may be replaced
    """

    targets: Mapping[str, Path]
    overwrite: bool

    @classmethod
    def of(cls, content: Any, annotation: Annotation) -> Publication:
        """Parses a page's request.

        Args:
            content: ``overwrite``, and a file name for each kind
            annotation: the film

        Raises:
            SettingsError: if it is invalid
        """
        if not isinstance(content, Mapping):
            raise SettingsError("nothing to publish")
        targets = {}
        for kind in KINDS:
            name = content.get(kind)
            if name is None:
                continue
            if not isinstance(name, str) or not _is_name(name):
                raise SettingsError(f"{kind}: not a valid file name")
            targets[kind] = _folder(kind, annotation) / name
            suffix = targets[kind].suffix.lower()
            allowed = _FILM_SUFFIXES.get(kind, tuple(BY_SUFFIX))
            if suffix not in allowed:
                raise SettingsError(f"{kind}: the name must end with {', '.join(allowed)}")
        if not targets:
            raise SettingsError("nothing to publish", remedy="Choose captions, a track or a film.")
        return cls(targets, content.get("overwrite") is True)


def proposed(annotation: Annotation) -> dict[str, str]:
    """The default names of each kind."""
    source = annotation.subtitles or annotation.video
    stem = tagged_stem(annotation.video)
    return {
        "captions": tagged_path(source, FORMATS[annotation.form].suffixes[0]).name,
        "mux": f"{stem}.mkv",
        "burn": f"{stem}.mp4",
    }


def publish(
    annotation: Annotation,
    publication: Publication,
    *,
    on_step: OnStep,
    colours: Palette | None = None,
) -> list[str]:
    """Writes the requested files, or none of them if one must not be written.

    Args:
        annotation: the film with judgements applied
        publication: the outputs
        on_step: called with each step of progress
        colours: colours of the tags, for formats that have them

    Returns:
        messages about cues that lost their tag

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    inputs = list(annotation.inputs)
    may = publication.overwrite
    for kind, path in publication.targets.items():
        if kind == "captions":
            check_captions_writable(path, form_for(path), inputs=inputs, overwrite=may)
        else:
            check_writable(path, inputs=inputs, overwrite=may)
    captions = publication.targets.get("captions")
    form = form_for(captions) if captions else None
    proven = annotation.proven(form, colours=colours)
    made = proven.annotation
    for kind, render in (("mux", mux), ("burn", burn)):
        if kind in publication.targets:
            render(made, publication.targets[kind], colours=colours, overwrite=may, on_step=on_step)
    if captions is not None:
        write_captions(proven, captions, overwrite=may)
    lost = zip(annotation.cues, made.cues, strict=True)
    return [
        f"cue {new.index + 1} loses {old.decision.text}: {new.decision.reason}"
        for old, new in lost
        if old.decision.tag is not None and new.decision.tag is None
    ]


def written_by(publication: Publication) -> list[str]:
    """The names of all files written."""
    names = []
    for kind, path in publication.targets.items():
        files = outputs_of(path, form_for(path)) if kind == "captions" else (path,)
        names += [file.name for file in files]
    return names


def _folder(kind: str, annotation: Annotation) -> Path:
    beside = annotation.video
    if kind == "captions" and annotation.subtitles is not None:
        beside = annotation.subtitles
    return beside.parent


def _is_name(name: str) -> bool:
    return Path(name).name == name and "\\" not in name and name.isprintable() and len(name) < 250
