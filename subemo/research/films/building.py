"""Builds a film's files: sound, subtitles, and the truth about each cue."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ...core.emotions import Emotion
from ...core.files import write_atomically
from ...core.settings import check_number
from ...formats.srt import format_block
from ..corpora import CORPORA_OF, Split, read_corpus
from ..corpora.backgrounds import read_film_backgrounds
from .dialogues import Agreement, read_script
from .mixing import LEVEL_DB, PEAK_DB, SAMPLE_RATE, ClipSounds, mix_film
from .plan import FilmPlan, FilmRecipe, plan_films
from .splits import check_corpus
from .voices import FilmVoices

#: The version of layout and mixing; films of other versions are rebuilt.
_FORMAT = (1, SAMPLE_RATE, LEVEL_DB, PEAK_DB)


@dataclass(frozen=True)
class CueTruth:
    """The truth about a cue: only ids, none of MELD's words.

    Attributes:
        cue: its number in the subtitles, from 1
        emotion: the voice's emotion
        clip: the clip's key in its corpus
        speaker: the corpus's speaker
        person: the person in the script
        dialogue: MELD's name of the dialogue
        kind: relation of words and voice
        line: MELD's name of the spoken line
        words_line: MELD's name of the line of the subtitle
        words_emotion: that line's emotion
    """

    cue: int
    emotion: Emotion
    clip: str
    speaker: str
    person: str
    dialogue: str
    kind: Agreement
    line: str
    words_line: str
    words_emotion: Emotion


@dataclass(frozen=True)
class BuiltFilm:
    """A film on disk.

    Attributes:
        name: the base name of its files
        corpus: the corpus of its voices
        language: their language, BCP 47
        sound: 16-bit FLAC
        subtitles: SubRip
        cues: the truth about each cue, in order
        dropped: number of lines left out, by reason
    """

    name: str
    corpus: str
    language: str
    sound: Path
    subtitles: Path
    cues: tuple[CueTruth, ...]
    dropped: Mapping[str, int]


@dataclass(frozen=True)
class FilmOrder:
    """Which films are made; validated when created.

    Attributes:
        data: a folder with the corpora, ``backgrounds`` and ``text/meld``
        split: the split of the films
        corpora: the corpora of the voices; empty for all of the split
        films: number of films from each corpus
        recipe: the recipe of the films

    Raises:
        CorpusError: if a corpus is not in the split
        SettingsError: if a number is invalid

    Example:
        >>> FilmOrder(Path("data"), Split.CHOOSING).names
        ('ravdess', 'savee')
        >>> FilmOrder(Path("data"), Split.CHOOSING, ("casia",))
        Traceback (most recent call last):
        subemo.core.errors.CorpusError: casia is for evaluation only: not for choosing. Leave it out.
    """

    data: Path
    split: Split = Split.REPORTING
    corpora: tuple[str, ...] = ()
    films: int = 2
    recipe: FilmRecipe = field(default_factory=FilmRecipe)

    def __post_init__(self) -> None:
        for corpus in self.corpora:
            check_corpus(corpus, self.split)
        check_number("films", self.films, low=1)

    @property
    def names(self) -> tuple[str, ...]:
        """The corpora of the films' voices."""
        return self.corpora or CORPORA_OF[self.split]


def build_films(order: FilmOrder, corpus: str, folder: Path) -> list[BuiltFilm]:
    """Builds the films of one corpus, unless they exist; every part is of the order's split.

    Args:
        order: the films to build
        corpus: one of its corpora
        folder: the folder of cached films

    Raises:
        CorpusError: if data is missing
    """
    split, sounds = order.split, ClipSounds()
    plans = plan_films(
        split,
        FilmVoices(corpus, tuple(read_corpus(order.data / corpus, corpus=corpus).clips)),
        read_script(order.data / "text" / "meld", split),
        read_film_backgrounds(order.data / "backgrounds", split),
        order.films,
        order.recipe,
        duration_of=sounds.duration_ms,
    )
    return [build_film(plan, folder, sounds) for plan in plans]


def build_film(plan: FilmPlan, folder: Path, sounds: ClipSounds) -> BuiltFilm:
    """Writes a film's three files, unless all exist and are up to date.

    Args:
        plan: the plan of the film
        folder: the output folder; created if needed
        sounds: the sounds of the clips
    """
    import soundfile

    folder.mkdir(parents=True, exist_ok=True)
    truth = folder / f"{plan.name}.json"
    film = BuiltFilm(
        plan.name,
        plan.corpus,
        plan.language,
        truth.with_suffix(".flac"),
        truth.with_suffix(".srt"),
        _truth_of_cues(plan),
        {reason.value: count for reason, count in plan.dropped.items()},
    )
    identity = _identity(plan)
    is_whole = film.sound.is_file() and film.subtitles.is_file()
    if is_whole and _identity_of(truth) == identity:
        return film
    flac = io.BytesIO()
    soundfile.write(flac, mix_film(plan, sounds), SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    blocks = [
        format_block(number, cue.start_ms, cue.end_ms, cue.subtitle.text)
        for number, cue in enumerate(plan.cues, 1)
    ]
    write_atomically(film.sound, flac.getvalue(), overwrite=True)
    write_atomically(film.subtitles, "\n".join(blocks).encode(), overwrite=True)
    # Written last, since it marks the film as complete.
    content = json.dumps(_content(plan, film, identity), indent=1, ensure_ascii=False) + "\n"
    write_atomically(truth, content.encode(), overwrite=True)
    return film


def _identity_of(truth: Path) -> object:
    """The identity in a film's JSON file; None if there is none."""
    try:
        return json.loads(truth.read_bytes())["identity"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _truth_of_cues(plan: FilmPlan) -> tuple[CueTruth, ...]:
    placed = ((scene, cue) for scene in plan.scenes for cue in scene.cues)
    return tuple(
        CueTruth(
            number,
            cue.emotion,
            cue.clip.key,
            cue.clip.speaker or "",
            cue.person,
            scene.dialogue,
            cue.subtitle.agreement,
            cue.line,
            cue.subtitle.line,
            cue.subtitle.emotion,
        )
        for number, (scene, cue) in enumerate(placed, 1)
    )


def _content(plan: FilmPlan, film: BuiltFilm, identity: str) -> dict[str, Any]:
    """The content of a film's JSON file."""
    scenes = [
        {
            "dialogue": scene.dialogue,
            "music": None if scene.music is None else scene.music.name,
            "snr_db": None if scene.music is None else round(scene.snr_db, 2),
        }
        for scene in plan.scenes
    ]
    return {
        "film": plan.name,
        "identity": identity,
        "split": plan.split,
        "corpus": plan.corpus,
        "language": plan.language,
        "duration_ms": plan.duration_ms,
        "dropped": film.dropped,
        "scenes": scenes,
        "cues": [asdict(cue) for cue in film.cues],
    }


def _identity(plan: FilmPlan) -> str:
    """A hash of everything a film's files depend on, independent of folders."""
    cues = [
        (
            *(cue.start_ms, cue.end_ms, cue.clip.key, cue.person, cue.line),
            *(cue.subtitle.line, cue.subtitle.emotion.value, cue.subtitle.agreement.value),
            cue.subtitle.text,
        )
        for cue in plan.cues
    ]
    music = [
        (scene.dialogue, scene.music and scene.music.name, scene.music_at, scene.snr_db)
        for scene in plan.scenes
    ]
    return hashlib.sha256(repr((_FORMAT, plan.duration_ms, cues, music)).encode()).hexdigest()
