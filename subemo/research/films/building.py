"""Builds a film's files: sound (clips in sequence over music, mixed with pydub), subtitles, and the truth about each cue."""

from __future__ import annotations

import hashlib
import io
import json
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...core.emotions import Emotion
from ...core.errors import CorpusError, MissingExtraError
from ...core.files import write_atomically
from ...core.settings import check_number
from ...formats.srt import format_block
from ...media.audio import Samples, load
from ..corpora import CORPORA_OF, Clip, Split, read_corpus, refuse_evaluation_only
from ..corpora.backgrounds import read_film_backgrounds
from ..datasets.clips import clip_sound
from .dialogues import Agreement, read_script
from .plan import MUSIC_MARGIN_MS, FilmPlan, FilmRecipe, FilmVoices, Scene, plan_films

#: The sample rate of films, in hertz; the corpora have 16,000 or 22,050.
SAMPLE_RATE = 22_050
#: The level of a speaker's median clip, and the peak limit of clips, in dBFS.
LEVEL_DB, PEAK_DB = -27.0, -1.0
_FADE_MS, _MUSIC_FADE_MS = 10, 500
_FULL_SCALE = 32_767

Integers = npt.NDArray[np.int16]

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
        if self.split is not Split.REPORTING:
            refuse_evaluation_only(self.corpora, self.split.value)
        for corpus in self.corpora:
            if corpus not in CORPORA_OF[self.split]:
                raise CorpusError(
                    f"{corpus!r} is not a corpus of the split {self.split}",
                    remedy=f"Choose from {', '.join(CORPORA_OF[self.split])}.",
                )
        check_number("films", self.films, low=1)

    @property
    def names(self) -> tuple[str, ...]:
        """The corpora of the films' voices."""
        return self.corpora or CORPORA_OF[self.split]


def build_films(order: FilmOrder, corpus: str, folder: Path) -> list[BuiltFilm]:
    """Builds the films of one corpus, unless they exist; every part is of the order's split.

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
    """Writes a film's three files, unless all exist and are up to date."""
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


class ClipSounds:
    """The trimmed sound of clips, each read once."""

    def __init__(self) -> None:
        self._sounds: dict[str, Samples] = {}

    def sound(self, clip: Clip) -> Samples:
        """The clip's sound, mono at `SAMPLE_RATE`, shape (samples,).

        Raises:
            MediaError: if it cannot be read
            CorpusError: if it has no sound
        """
        if clip.key not in self._sounds:
            self._sounds[clip.key] = clip_sound(clip, sample_rate=SAMPLE_RATE)
        return self._sounds[clip.key]

    def duration_ms(self, clip: Clip) -> int:
        """The duration of a clip, in whole milliseconds."""
        return round(self.sound(clip).size * 1000 / SAMPLE_RATE)


def mix_film(plan: FilmPlan, sounds: ClipSounds) -> Integers:
    """Mixes the sound of a film, mono at `SAMPLE_RATE`, shape (samples,).

    The clips of a speaker keep their relative levels; the median one is
    set to `LEVEL_DB`. A clip that would exceed `PEAK_DB` is attenuated.
    """
    gains = _gains_db(plan, sounds)
    film = np.zeros(plan.duration_ms * SAMPLE_RATE // 1000, dtype=np.int16)
    for scene in plan.scenes:
        start_ms = max(0, scene.cues[0].start_ms - MUSIC_MARGIN_MS)
        mixed = _mix_scene(scene, start_ms, sounds, gains)
        at = start_ms * SAMPLE_RATE // 1000
        size = min(mixed.size, film.size - at)
        film[at : at + size] = mixed[:size]
    return film


def _gains_db(plan: FilmPlan, sounds: ClipSounds) -> Mapping[str, float]:
    """The gain of each speaker."""
    levels: defaultdict[str, list[float]] = defaultdict(list)
    for cue in plan.cues:
        assert cue.clip.speaker is not None
        levels[cue.clip.speaker].append(_level_db(sounds.sound(cue.clip)))
    return {speaker: LEVEL_DB - float(np.median(found)) for speaker, found in levels.items()}


def _mix_scene(
    scene: Scene, start_ms: int, sounds: ClipSounds, gains: Mapping[str, float]
) -> Integers:
    """A scene that starts at *start_ms* of the film, with its music's margins, shape (samples,)."""
    loud = [_louder(sounds.sound(cue.clip), gains[cue.clip.speaker or ""]) for cue in scene.cues]
    duration_ms = scene.cues[-1].end_ms + MUSIC_MARGIN_MS - start_ms
    placed = [
        (cue.start_ms - start_ms, samples) for cue, samples in zip(scene.cues, loud, strict=True)
    ]
    music = None
    if scene.music is not None:
        level_db = _level_db(np.concatenate(loud)) - scene.snr_db
        music = _bed(scene.music, scene.music_at, duration_ms, level_db)
    return overlay(placed, music, duration_ms=duration_ms)


def overlay(
    placed: Sequence[tuple[int, Samples]], music: Samples | None, *, duration_ms: int
) -> Integers:
    """Overlays sounds at their times on music, shape (samples,).

    Args:
        placed: start of each sound, in milliseconds, and its samples in -1 to 1
        music: as long as the result, or None
        duration_ms: of the result
    """
    track = pydub_segment().silent(duration=duration_ms, frame_rate=SAMPLE_RATE)
    if music is not None:
        bed = _segment(music)
        track = track.overlay(bed.fade_in(_MUSIC_FADE_MS).fade_out(_MUSIC_FADE_MS))
    for at_ms, samples in placed:
        clip = _segment(samples)
        track = track.overlay(clip.fade_in(_FADE_MS).fade_out(_FADE_MS), position=at_ms)
    return np.frombuffer(track.raw_data, dtype="<i2").astype(np.int16)


def _segment(samples: Samples) -> Any:
    integers = (np.clip(samples, -1, 1) * _FULL_SCALE).astype("<i2")
    return pydub_segment()(
        data=integers.tobytes(), sample_width=2, frame_rate=SAMPLE_RATE, channels=1
    )


def _bed(track: Path, at: float, duration_ms: int, level_db: float) -> Samples:
    """A piece of a track at a level, looped if the track is too short."""
    samples = _music(track)
    size = duration_ms * SAMPLE_RATE // 1000
    start = int(at * samples.size)
    stretch = np.resize(np.roll(samples, -start), size)
    return _louder(stretch, level_db - _level_db(stretch))


@lru_cache(maxsize=16)
def _music(track: Path) -> Samples:
    return load(track, sample_rate=SAMPLE_RATE)


def _level_db(samples: Samples) -> float:
    """The RMS level, in dBFS."""
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return 10 * float(np.log10(max(power, 1e-12)))


def _louder(samples: Samples, gain_db: float) -> Samples:
    """Applies a gain, limited so that the peak stays under `PEAK_DB`."""
    peak_db = 20 * float(np.log10(max(float(np.abs(samples).max()), 1e-6)))
    gain_db = min(gain_db, PEAK_DB - peak_db)
    return np.asarray(samples * 10 ** (gain_db / 20), dtype=np.float32)


def pydub_segment() -> Any:
    """Pydub's AudioSegment, imported without its warning about a missing ffmpeg.

    Raises:
        MissingExtraError: if it is not installed
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pydub import AudioSegment
        except ImportError as error:
            raise MissingExtraError.of("pydub", "evaluate") from error
    return AudioSegment
