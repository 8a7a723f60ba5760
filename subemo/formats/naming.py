"""What a file that subemo writes is called, and how it is known again."""

from __future__ import annotations

from pathlib import Path

#: Before the end of a tagged file's name.
TAGGED = ".emo"
#: Before the end of the name of a film's review page.
_REVIEW = ".review"
#: The end of the name of a film's judgements.
_JUDGED = ".judged.json"
#: What subemo itself writes beside films, and never takes for one, or for one's subtitles.
_OURS = (TAGGED, _REVIEW)


def tagged_stem(source: Path) -> str:
    """The name, without its end, of what is made of *source*.

    >>> tagged_stem(Path("film.de.srt")), tagged_stem(Path("film.emo.srt"))
    ('film.de.emo', 'film.emo')
    """
    return source.stem.removesuffix(TAGGED) + TAGGED


def tagged_path(source: Path, suffix: str, *, folder: Path | None = None) -> Path:
    """Where tagged captions go by default: ``film.srt`` → ``film.emo.srt``.

    What bears the mark already gets no second one, so that a file that is
    tagged anew keeps its name.

    Args:
        source: the subtitle file, or the film where there is none
        suffix: of the format, such as ``.vtt``
        folder: where to; None for beside *source*
    """
    return (folder or source.parent) / f"{tagged_stem(source)}{suffix}"


def review_path(video: Path) -> Path:
    """Where the review page of a film goes by default.

    >>> review_path(Path("film.mp4")).name, review_path(Path("film.emo.mkv")).name
    ('film.review.html', 'film.review.html')
    """
    return video.with_name(f"{video.stem.removesuffix(TAGGED)}{_REVIEW}.html")


def judged_path(video: Path) -> Path:
    """Where a person's judgements of a film's cues are kept.

    >>> judged_path(Path("film.mp4")).name, judged_path(Path("film.emo.mkv")).name
    ('film.judged.json', 'film.judged.json')
    """
    return video.with_name(f"{video.stem.removesuffix(TAGGED)}{_JUDGED}")


def judged_beside(captions: Path) -> Path | None:
    """The judgements that captions may have been made with: those of a film of the same name.

    Of several the one whose film's name is the longest; None where there are none.
    """
    found = (
        path
        for path in captions.parent.glob(f"*{_JUDGED}")
        if captions.name.startswith(f"{path.name.removesuffix(_JUDGED)}.") and path.is_file()
    )
    return max(found, key=lambda path: len(path.name), default=None)


def is_ours(path: Path) -> bool:
    """Whether a file's name says that subemo wrote it.

    >>> is_ours(Path("film.emo.mp4")), is_ours(Path("emo.mp4"))
    (True, False)
    """
    return path.stem.endswith(_OURS)
