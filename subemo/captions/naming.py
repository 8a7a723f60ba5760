"""The names of files that subemo writes, and recognising them."""

from __future__ import annotations

from pathlib import Path

#: Inserted before the suffix of a tagged file's name.
TAGGED = ".emo"
#: Inserted before the suffix of a review page's name.
_REVIEW = ".review"
#: The suffix of a film's judgements.
_JUDGED = ".judged.json"
#: Names of subemo's outputs beside films, never read as films or subtitles.
_OURS = (TAGGED, _REVIEW)


def tagged_stem(source: Path) -> str:
    """The name, without suffix, of output made from *source*.

    >>> tagged_stem(Path("film.de.srt")), tagged_stem(Path("film.emo.srt"))
    ('film.de.emo', 'film.emo')
    """
    return source.stem.removesuffix(TAGGED) + TAGGED


def tagged_path(source: Path, suffix: str, *, folder: Path | None = None) -> Path:
    """The default path of tagged captions: ``film.srt`` → ``film.emo.srt``.

    A name that already has the mark does not get a second one, so a file that
    is tagged again keeps its name.

    Args:
        source: the subtitle file, or the film if there is none
        suffix: suffix of the format, such as ``.vtt``
        folder: the output folder; None for beside *source*
    """
    return (folder or source.parent) / f"{tagged_stem(source)}{suffix}"


def review_path(video: Path) -> Path:
    """The default path of a film's review page.

    >>> review_path(Path("film.mp4")).name, review_path(Path("film.emo.mkv")).name
    ('film.review.html', 'film.review.html')
    """
    return video.with_name(f"{video.stem.removesuffix(TAGGED)}{_REVIEW}.html")


def judged_path(video: Path) -> Path:
    """The default path of the judgements of a film's cues.

    >>> judged_path(Path("film.mp4")).name, judged_path(Path("film.emo.mkv")).name
    ('film.judged.json', 'film.judged.json')
    """
    return video.with_name(f"{video.stem.removesuffix(TAGGED)}{_JUDGED}")


def judged_beside(captions: Path) -> Path | None:
    """The judgements that captions may have been made with, by the film's name.

    Of several, the one with the longest film name; None if there are none.
    """
    found = (
        path
        for path in captions.parent.glob(f"*{_JUDGED}")
        if captions.name.startswith(f"{path.name.removesuffix(_JUDGED)}.") and path.is_file()
    )
    return max(found, key=lambda path: len(path.name), default=None)


def is_ours(path: Path) -> bool:
    """Whether a file's name is one of subemo's outputs.

    >>> is_ours(Path("film.emo.mp4")), is_ours(Path("emo.mp4"))
    (True, False)
    """
    return path.stem.endswith(_OURS)
