"""Publishes judged captions and films, written as by `annotate`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..annotation import Annotation
from ..captions.naming import tagged_path, tagged_stem
from ..captions.writing import check_captions_writable, outputs_of, write_captions
from ..core.errors import OutputError, SettingsError
from ..core.files import check_writable, place, temporary_beside
from ..core.progress import OnStep, Step
from ..formats.registry import BY_SUFFIX, FORMATS, form_for
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
        if len(set(targets.values())) < len(targets):
            raise SettingsError("two outputs have one name")
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
    """Writes the requested files, or none of them if it fails or is stopped before all are made.

    Args:
        annotation: the film with judgements applied
        publication: the outputs
        on_step: called with each step of progress; what it raises stops the work
        colours: colours of the tags, for formats that have them

    Returns:
        warnings about the films, and messages about cues that lost their tag

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    inputs, may = list(annotation.inputs), publication.overwrite
    for kind, path in publication.targets.items():
        if kind == "captions":
            check_captions_writable(path, form_for(path), inputs=inputs, overwrite=may)
        else:
            check_writable(path, inputs=inputs, overwrite=may)
    captions = publication.targets.get("captions")
    form = form_for(captions) if captions else None
    proven = annotation.proven(form, colours=colours)
    made = proven.annotation
    notes: list[str] = []
    more: dict[str, Any] = {"colours": colours, "on_step": on_step, "on_warning": notes.append}
    with ExitStack() as films:
        rendered = {}
        for kind, render in (("mux", mux), ("burn", burn)):
            if kind in publication.targets:
                path = publication.targets[kind]
                rendered[path] = films.enter_context(_unnamed(path))
                render(made, rendered[path], overwrite=True, **more)
        on_step(Step("writing", 0, None))  # the last moment at which it can be stopped
        written: list[Path] = []
        try:
            if captions is not None:
                write_captions(proven, captions, overwrite=may)
                written += outputs_of(captions, proven.form)
            for path, temporary in rendered.items():
                place(temporary, path, overwrite=may)
                written.append(path)
        except (OutputError, OSError) as error:
            raise _incomplete(error, written) from error
    notes += [
        f"cue {new.index + 1} loses {old.decision.text}: {new.decision.reason}"
        for old, new in zip(annotation.cues, made.cues, strict=True)
        if old.decision.tag is not None and new.decision.tag is None
    ]
    return list(dict.fromkeys(notes))


@contextmanager
def _unnamed(path: Path) -> Iterator[Path]:
    """A temporary file beside *path* for a film that gets its name when all outputs are made."""
    handle, temporary = temporary_beside(path, suffix=path.suffix)
    os.close(handle)
    try:
        yield temporary
    except OutputError as error:
        named = path if error.path == temporary else error.path
        raise OutputError(error.problem, path=named, remedy=error.remedy) from error
    finally:
        temporary.unlink(missing_ok=True)


def _incomplete(error: OutputError | OSError, written: Sequence[Path]) -> OutputError:
    """The error with what was written in spite of it."""
    if isinstance(error, OSError):
        error = OutputError(f"cannot be written ({error.strerror})", path=error.filename)
    if not written:
        return error
    names = ", ".join(path.name for path in written)
    return OutputError(
        f"{error.problem}; the rest was written ({names})", path=error.path, remedy=error.remedy
    )


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
