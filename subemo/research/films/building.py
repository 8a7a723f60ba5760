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
from ...core.errors import CorpusError
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

    @classmethod
    def of_json(cls, fields: Mapping[str, Any]) -> CueTruth:
        """The inverse of `dataclasses.asdict`."""
        emotions = {name: Emotion(fields[name]) for name in ("emotion", "words_emotion")}
        return cls(**{**fields, **emotions, "kind": Agreement(fields["kind"])})


@dataclass(frozen=True)
class BuiltFilm:
    """A film on disk.

    Attributes:
        name: the base name of its files
        split: the film's split
        corpus: the corpus of its voices
        language: their language, BCP 47
        sound: 16-bit FLAC
        subtitles: SubRip
        cues: the truth about each cue, in order
        duration_ms: of the film
        dropped: number of lines left out, by reason
    """

    name: str
    split: Split
    corpus: str
    language: str
    sound: Path
    subtitles: Path
    cues: tuple[CueTruth, ...]
    duration_ms: int
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
    """Writes a film's three files, unless they exist and are up to date.

    Args:
        plan: the plan of the film
        folder: the output folder; created if needed
        sounds: the sounds of the clips
    """
    import soundfile

    folder.mkdir(parents=True, exist_ok=True)
    truth = folder / f"{plan.name}.json"
    identity = _identity(plan)
    if truth.exists() and json.loads(truth.read_bytes())["identity"] == identity:
        return read_film(truth)
    flac = io.BytesIO()
    soundfile.write(flac, mix_film(plan, sounds), SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    blocks = [
        format_block(number, cue.start_ms, cue.end_ms, cue.subtitle.text)
        for number, cue in enumerate(plan.cues, 1)
    ]
    write_atomically(truth.with_suffix(".flac"), flac.getvalue(), overwrite=True)
    write_atomically(truth.with_suffix(".srt"), "\n".join(blocks).encode(), overwrite=True)
    # Written last, since it marks the film as complete.
    content = json.dumps(_truth(plan, identity), indent=1, ensure_ascii=False) + "\n"
    write_atomically(truth, content.encode(), overwrite=True)
    return read_film(truth)


def read_film(truth: Path) -> BuiltFilm:
    """Reads a film from its JSON file.

    Raises:
        CorpusError: if a file is missing, or the JSON is of another version
    """
    try:
        content = json.loads(truth.read_bytes())
        film = BuiltFilm(
            name=content["film"],
            split=Split(content["split"]),
            corpus=content["corpus"],
            language=content["language"],
            sound=truth.with_suffix(".flac"),
            subtitles=truth.with_suffix(".srt"),
            cues=tuple(CueTruth.of_json(fields) for fields in content["cues"]),
            duration_ms=content["duration_ms"],
            dropped=content["dropped"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError("not the JSON file of a film", path=truth) from error
    for part in (film.sound, film.subtitles):
        if not part.is_file():
            raise CorpusError("this file of the film is missing", path=part)
    return film


def _truth(plan: FilmPlan, identity: str) -> dict[str, Any]:
    placed = ((scene, cue) for scene in plan.scenes for cue in scene.cues)
    cues = [
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
    ]
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
        "dropped": {reason.value: count for reason, count in plan.dropped.items()},
        "scenes": scenes,
        "cues": [asdict(cue) for cue in cues],
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
