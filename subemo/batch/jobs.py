"""The jobs of a batch: films, outputs and settings."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..analysis.options import WitnessChoice, check_choice
from ..captions.naming import is_ours, tagged_path, tagged_stem
from ..core.errors import MediaError, OutputError, SettingsError
from ..core.settings import check_one_of
from ..formats import FORMATS
from ..model import DEFAULT_MODEL
from ..model.statistics import check_adaptation
from ..sources.lookup import Listing, beside
from ..tagging.policy import SoundsShown, TagPolicy
from ..tagging.vocabulary import languages, vocabulary_of

#: The suffixes of films in folders.
FILM_SUFFIXES = frozenset(
    [
        ".3gp",
        ".avi",
        ".flv",
        ".m2ts",
        ".m4v",
        ".mkv",
        ".mov",
        ".mp4",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".ogv",
        ".ts",
        ".webm",
        ".wmv",
    ]
)
#: What to do with a film without subtitles.
_WITHOUT = ("fail", "transcribe", "tags")


@dataclass(frozen=True)
class BatchSettings:
    """How every film of a batch is annotated.

    Attributes:
        model: a model's name or folder
        policy: when and how a tag is shown
        form: output format; None for that of each film's subtitles
        language: language of the tags, and of the subtitles to prefer
        adaptation: see `subemo.annotate`
        witness: see `subemo.AnalysisOptions`
        sound_cues: whether sounds between cues become cues of their own; needs a policy that
            shows sounds
        sound_model: see `subemo.AnalysisOptions`
        without: what to do with a film without subtitles: ``fail``,
            ``transcribe`` or ``tags`` (cues with only the tag)
        overwrite: whether files of other origin may be replaced

    Raises:
        SettingsError: if a value is invalid

    Example:
        >>> BatchSettings(form="vtt", without="tags").model
        'subemo-crnn'
    """

    model: str = DEFAULT_MODEL
    policy: TagPolicy = field(default_factory=TagPolicy)
    form: str | None = None
    language: str | None = None
    adaptation: str | None = None
    witness: WitnessChoice = WitnessChoice.BOTH
    sound_cues: bool = False
    sound_model: Path | None = None
    without: str = "fail"
    overwrite: bool = False

    def __post_init__(self) -> None:
        check_adaptation(self.adaptation)
        check_choice(self.witness)
        check_one_of("without", self.without, _WITHOUT)
        if self.sound_cues and self.policy.sounds is SoundsShown.NONE:
            raise SettingsError(
                "sounds between cues are not shown where no sounds are",
                remedy='Let the policy show them: `sounds="voice"`, or `sounds="all"`.',
            )
        if self.sound_model is not None and not self.sound_cues:
            raise SettingsError(
                "sound_model is for sounds between cues", remedy="Set `sound_cues=True`, too."
            )
        if self.form is not None:
            check_one_of("form", self.form, FORMATS)
        if self.language is not None and vocabulary_of(self.language) is None:
            raise SettingsError(
                f"no tag words for the language {self.language!r}",
                remedy=f"Choose one of {', '.join(languages())}.",
            )


@dataclass(frozen=True)
class Job:
    """One film.

    Attributes:
        video: the film
        folder: the output folder
        settings: how it is annotated
        subtitles: the file beside it, or None
        is_paired: whether that was looked up
    """

    video: Path
    folder: Path
    settings: BatchSettings
    subtitles: Path | None = None
    is_paired: bool = False

    def paired(self, listing: Listing | None = None) -> Job:
        """The same job with the subtitle file now beside the film.

        Args:
            listing: listings of folders; None to read the folder
        """
        found = beside(self.video, language=self.settings.language, listing=listing)
        return replace(self, subtitles=found, is_paired=True)

    def absolute(self) -> Job:
        """The same job with absolute paths, for a process with another working directory."""
        model, sound_model = Path(self.settings.model), self.settings.sound_model
        settings = replace(
            self.settings,
            model=str(model.absolute()) if model.is_dir() else self.settings.model,
            sound_model=None if sound_model is None else sound_model.absolute(),
        )
        return replace(
            self,
            video=self.video.absolute(),
            folder=self.folder.absolute(),
            settings=settings,
            subtitles=None if self.subtitles is None else self.subtitles.absolute(),
        )

    def output(self, subtitles: Path | None, form: str) -> Path:
        """The output file: ``film.emo.srt``, ``film.de.emo.vtt``."""
        return tagged_path(subtitles or self.video, FORMATS[form].suffixes[0], folder=self.folder)


def find_films(sources: Iterable[Path], *, recursive: bool = False) -> Iterator[tuple[Path, Path]]:
    """The films of folders and lists, each with the folder of its source.

    A list is a text file with one path per line, relative to the list; blank
    lines and lines that begin with ``#`` are ignored. Its films are returned
    even if they do not exist, so that none is missed silently.

    Args:
        sources: folders, films and lists (``.txt``)
        recursive: whether subfolders are searched

    Raises:
        MediaError: if a folder or list does not exist
    """
    seen: set[Path] = set()
    for source in sources:
        for video, root in _films_of(source, recursive=recursive):
            if video.absolute() not in seen:
                seen.add(video.absolute())
                yield video, root


def _films_of(source: Path, *, recursive: bool) -> Iterator[tuple[Path, Path]]:
    if source.is_dir():
        try:
            found = sorted(source.rglob("*") if recursive else source.iterdir())
        except OSError as error:
            raise MediaError(f"cannot be read ({error.strerror})", path=source) from error
        for path in found:
            is_film = path.suffix.lower() in FILM_SUFFIXES and path.is_file()
            if is_film and not path.name.startswith(".") and not is_ours(path):
                yield path, source
    elif source.suffix.lower() == ".txt" and source.is_file():
        # A name may contain what `str.splitlines` takes for the end of a line, and begin with a blank.
        text = source.read_bytes().removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
        for number, line in enumerate(text.split("\n"), start=1):
            if "\0" in line:
                raise MediaError(
                    f"line {number} is no path", path=source, remedy="Write the list as UTF-8 text."
                )
            if line.strip() and not line.startswith("#"):
                yield _listed(source.parent, line.removesuffix("\r")), source.parent
    elif source.is_file():
        yield source, source.parent
    else:
        raise MediaError(
            "the folder, film or list does not exist", path=source, remedy="Check the path."
        )


def _listed(folder: Path, line: str) -> Path:
    """The film that a line names; blanks around a name count only if there is such a film."""
    exact, bare = folder / line, folder / line.strip()
    try:
        return bare if bare.exists() and not exact.exists() else exact
    except OSError:  # a name that is too long is reported where the film is read
        return exact


def make_jobs(
    films: Iterable[tuple[Path, Path]], settings: BatchSettings, *, output: Path | None = None
) -> list[Job]:
    """Makes a job for each film, paired with the subtitles beside it.

    Each folder is listed only once.

    Args:
        films: see `find_films`
        settings: how they are annotated
        output: a folder for all captions, with the subfolders of the films; None for
            beside each film

    Raises:
        OutputError: if two films would write the same file
    """
    jobs = []
    listing = Listing()
    for video, root in films:
        folder = video.parent
        if output is not None:
            inside = video.parent.is_relative_to(root)
            folder = output / video.parent.relative_to(root) if inside else output
        job = Job(video, folder, settings)
        with suppress(OSError):  # as above
            job = job.paired(listing)
        jobs.append(job)
    _refuse_clashes(jobs)
    return jobs


def _refuse_clashes(jobs: Sequence[Job]) -> None:
    """Two films of one name in one folder (``film.mp4``, ``film.mkv``) would share an output."""
    owners: dict[tuple[Path, str], Path] = {}
    for job in jobs:
        key = (job.folder, tagged_stem(job.subtitles or job.video))
        if key in owners:
            raise OutputError(
                f"{owners[key]} and {job.video} would both write {key[1]}",
                path=job.folder,
                remedy="Rename one, or exclude it by listing the films in a file.",
            )
        owners[key] = job.video
