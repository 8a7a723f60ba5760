"""Sounds outside all cues, which can get cues of their own: voices, music, and what a user's model hears."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ..align.segments import MAX_WINDOW_MS, Segment, Span, cut, windows
from ..align.silence import (
    FLOOR_DBFS,
    LevelMeter,
    Levels,
    detect_silence,
    detect_sound,
    find_threshold,
)
from ..core.cache import Cache, file_digest
from ..core.native import one_blas_thread
from ..core.progress import OnStep, Step, ignore
from ..core.sounds import SCENE_WORDS, SOUNDS, SceneSound, SoundHeard
from ..core.version import __version__
from ..features.windows import sounding
from ..media.audio import Samples
from ..model.classifier import Classifier
from ..sounds.detection import pool, window_edges
from ..sounds.scene import HOP, LEAST_SCORE, SAMPLE_RATE, WINDOW, SceneTagger
from ..sounds.weights import MUSIC, MUSIC_CLASSES, WINDOW_CLASSES, SoundDetector
from .features import Listener, Reader, SpillFile, extract_features
from .film import Film

#: A gap that is shorter has no room for a cue of its own.
SHORTEST_GAP_MS = 1_000
#: A shorter noise is no sound of a voice; a longer pause parts two sounds, or two stretches of music.
_SHORTEST_MS, _PAUSE_MS = 200, 1_000
#: So much of the film is analysed before and after what is loud.
_PADDING_MS = 150
#: What is less likely than this is not worth keeping.
_LEAST = 0.05
#: Longer than any film.
_FOREVER_MS = 1 << 40
#: Samples of a smaller value are inaudible.
_INAUDIBLE = 10 ** (FLOOR_DBFS / 20)
#: Shorter music is no stretch of its own: a jingle, or the end of a scene's score.
SHORTEST_MUSIC_MS = 5_000
#: Windows averaged for each: three seconds, longer than a pause for breath.
_SMOOTHED = 5

#: Start and end of a window, the probability of each class, and that of music alone.
_COLUMNS = 2 + len(WINDOW_CLASSES) + 1
#: Start and end of a window, and the score of each sound of the scene.
_SCENE_COLUMNS = 2 + len(SCENE_WORDS)

_Rows = npt.NDArray[np.float64]


def gaps_of(times: Iterable[tuple[int, int]], duration_ms: int) -> list[tuple[int, int]]:
    """Where no cue is on screen for `SHORTEST_GAP_MS` or more.

    Args:
        times: of the cues, in any order
        duration_ms: of the film

    >>> gaps_of([(2_000, 4_000), (3_000, 5_000), (5_500, 6_000)], 8_000)
    [(0, 2000), (6000, 8000)]
    """
    found, free_from = [], 0
    for start_ms, end_ms in sorted((min(pair), max(pair)) for pair in times):
        if start_ms - free_from >= SHORTEST_GAP_MS:
            found.append((free_from, start_ms))
        free_from = max(free_from, end_ms)
    if duration_ms - free_from >= SHORTEST_GAP_MS:
        found.append((free_from, duration_ms))
    return found


def loud_spans(levels: Levels, times: Sequence[tuple[int, int]]) -> list[Span]:
    """The stretches of a film's gaps in which something sounds, in windows of 10 s at most.

    Args:
        levels: of the film
        times: of the cues
    """
    threshold = find_threshold(levels)
    silences = detect_silence(levels, threshold_dbfs=threshold, min_silence_ms=_PAUSE_MS)
    loud = [
        pair
        for pair in detect_sound(levels, silences)
        if levels.dbfs[pair[0] // 10 : -(-pair[1] // 10)].max(initial=-200) > threshold
    ]
    spans: list[Span] = []
    for first, last in gaps_of(times, levels.duration_ms):
        for start, end in loud:
            begin, until = max(start, first), min(end, last)
            if until - begin < _SHORTEST_MS:
                continue
            begin, until = max(first, begin - _PADDING_MS), min(last, until + _PADDING_MS)
            parts = windows(begin, until, longest_ms=MAX_WINDOW_MS)
            spans += [Span(*part, len(spans) + at) for at, part in enumerate(parts)]
    return spans


class KeptSound:
    """The levels of a film, and the sound between its cues.

    What is between the cues can be told from silence only when the levels of the
    whole film are known, but decoding a film once more costs more than keeping
    the sound: half precision, 115 MB for an hour of gaps, in a `SpillFile`.

    Args:
        gaps: start and end of each, in milliseconds, in order, none overlapping
        sample_rate: of the blocks, in hertz
        spill: where the sound is kept

    Example:
        >>> with SpillFile() as spill:
        ...     kept = KeptSound([(1_000, 2_000)], 1_000, spill)
        ...     for _ in kept.passing([np.ones(1_500, np.float32), np.ones(1_500, np.float32)]):
        ...         pass
        ...     [(block.size, float(block.sum())) for block in kept.blocks()]
        [(1000, 0.0), (500, 500.0), (500, 500.0), (1000, 0.0)]
    """

    def __init__(self, gaps: Sequence[tuple[int, int]], sample_rate: int, spill: SpillFile) -> None:
        self._gaps = [
            ((first * sample_rate + 500) // 1000, (last * sample_rate + 500) // 1000)
            for first, last in gaps
        ]
        self._meter = LevelMeter(sample_rate)
        self._spill = spill
        self._pieces: list[tuple[int, int, Reader]] = []
        self._at = self._next = 0

    def passing(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """Passes the film's sound on, block by block, and keeps what is in its gaps."""
        for block in blocks:
            self._meter.add(block)
            self._keep(block)
            yield block

    def levels(self) -> Levels:
        """The levels of the film."""
        return self._meter.levels()

    def blocks(self) -> Iterator[Samples]:
        """The film's sound again, with silence where cues are shown."""
        at = 0
        for start, size, read in self._pieces:
            if start > at:
                yield np.zeros(start - at, np.float32)
            yield read().astype(np.float32)
            at = start + size
        if self._at > at:
            yield np.zeros(self._at - at, np.float32)

    def _keep(self, block: Samples) -> None:
        end = self._at + block.size
        while self._next < len(self._gaps):
            first, last = self._gaps[self._next]
            if first >= end:
                break
            piece = block[max(0, first - self._at) : last - self._at]
            if piece.size and np.abs(piece).max() > _INAUDIBLE:
                read = self._spill.put(piece.astype(np.float16))
                self._pieces.append((max(first, self._at), piece.size, read))
            if last > end:
                break
            self._next += 1
        self._at = end


def drain(blocks: Iterable[Samples]) -> None:
    """Reads a film's sound to its end."""
    for _ in blocks:
        pass


@dataclass(frozen=True, eq=False)
class SoundCueRows:
    """The sounds detected between a film's cues.

    Attributes:
        windows: see `window_rows`
        scene: see `subemo.analysis.sound_cues.scene_rows`; None without a model of the user's own
    """

    windows: _Rows
    scene: _Rows | None = None


@dataclass(frozen=True)
class SoundCueSearch:
    """A search for sounds between a film's cues.

    Attributes:
        film: the film
        times: when its cues are shown
        listener: the model whose features are used, and the detector of vocal sounds
        weights: that detector
        cache: where the results are kept, or None
        on_note: called with a line for each damaged entry there
        tagger: the user's own model of other sounds, or None
    """

    film: Film
    times: tuple[tuple[int, int], ...]
    listener: Listener
    weights: SoundDetector
    cache: Cache | None = None
    on_note: Callable[[str], None] = ignore
    tagger: SceneTagger | None = None

    @property
    def gaps(self) -> list[tuple[int, int]]:
        """Where no cue is shown; the last gap has no end, since the film's is not known yet."""
        return gaps_of(self.times, _FOREVER_MS)

    def kept(self) -> SoundCueRows | None:
        """The cached results, or None."""
        if self.cache is None:
            return None
        note = self.on_note
        windows = self.cache.get(
            self._key(), shape=(None, _COLUMNS), fits=_can_be_rows, on_note=note
        )
        if self.tagger is None or windows is None:
            return None if windows is None else SoundCueRows(windows)
        scene = self.cache.get(
            self._key(self.tagger), shape=(None, _SCENE_COLUMNS), fits=_can_be_rows, on_note=note
        )
        return None if scene is None else SoundCueRows(windows, scene)

    def detect(
        self, sound: KeptSound, *, threads: int | None = None, on_step: OnStep = ignore
    ) -> SoundCueRows:
        """Detects sounds where the film is loud between cues.

        Args:
            sound: the film's, from its first block to its last
            threads: number of spans whose features are extracted in parallel
            on_step: called after each span

        Raises:
            BundleError: if the user's own model fails
        """
        model, duration_ms = self.listener.model, self.film.info.end_ms
        rate = model.features.sample_rate
        spans = loud_spans(sound.levels(), self.times)

        def segments() -> Iterator[Segment]:
            for segment in cut(sound.blocks(), spans, sample_rate=rate):
                yield segment
                on_step(Step("listening between cues", segment.span.end_ms, duration_ms))

        windows = window_rows(segments(), model, self.weights, threads=threads)
        scene = None if self.tagger is None else scene_rows(segments(), self.tagger)
        return SoundCueRows(windows, scene)

    def sounds(self, rows: SoundCueRows) -> tuple[SoundHeard, ...]:
        """The vocal sounds, the music, and the sounds of the user's own model."""
        windows = rows.windows
        music = music_stretches(windows[:, :2], windows[:, -1], self.weights.music_threshold)
        scene = () if rows.scene is None else scene_events(rows.scene)
        return (*events(windows), *music, *scene)

    def put(self, rows: SoundCueRows) -> Iterator[str]:
        """Caches the results; a failure is only reported.

        Yields:
            a message if they could not be cached
        """
        if self.cache is None:
            return
        yield from self.cache.try_put(self._key(), rows.windows, name="the sounds between cues")
        if rows.scene is not None:
            key = self._key(self.tagger)
            yield from self.cache.try_put(key, rows.scene, name="the sounds between cues")

    def _key(self, tagger: SceneTagger | None = None) -> str:
        """The hash of everything that the windows depend on, or the scores of the user's model."""
        film = self.film
        return Cache.key(
            file_digest(film.path).encode(), "gaps", __version__, self.listener.model.bundle.digest,
            film.heard, list(self.times),
            self.weights.digest if tagger is None else ("scene", tagger.digest),
        )  # fmt: skip


def window_rows(
    segments: Iterable[Segment],
    model: Classifier,
    weights: SoundDetector,
    *,
    threads: int | None = None,
) -> _Rows:
    """Each window of some stretches, with the probability of each class.

    Args:
        segments: the stretches' sound
        model: the model whose features are extracted
        weights: the detector of vocal sounds
        threads: how many stretches' features are extracted at once

    Returns:
        shape (windows, 12): start and end in milliseconds, the probabilities of `WINDOW_CLASSES`,
        and that of music alone
    """
    rows = []
    begins: dict[Span, int] = {}

    def noted() -> Iterator[Segment]:
        # Frames begin where a stretch begins to sound.
        for segment in segments:
            first, _ = sounding(segment.samples)
            begins[segment.span] = (
                segment.span.start_ms + first * 1000 // model.features.sample_rate
            )
            yield segment

    with SpillFile() as spill, one_blas_thread():
        many = threads or model.features.threads
        for one in list(extract_features(noted(), model, spill, threads=many)):
            if one.read is None:
                continue
            frames = one.read()
            pooled = pool(frames, weights.frame_ms)
            music = weights.music.probabilities(pooled)[:, MUSIC_CLASSES.index(MUSIC)]
            likely = np.column_stack([weights.sounds.probabilities(pooled), music])
            edges = window_edges(len(frames), weights.frame_ms)
            for (first, last), shares in zip(edges, likely, strict=True):
                at = begins[one.span]
                ends = min(at + last * weights.frame_ms, one.span.end_ms)
                rows.append([at + first * weights.frame_ms, ends, *shares])
    return np.array(sorted(rows), dtype=np.float64).reshape(-1, _COLUMNS)


def events(rows: _Rows) -> Iterator[SoundHeard]:
    """The vocal sounds in windows: of neighbours in which the same is likeliest, one.

    Args:
        rows: see `window_rows`
    """
    found = []
    for row in rows:
        start_ms, end_ms, shares = int(row[0]), int(row[1]), row[2 : _COLUMNS - 1]
        best = int(np.argmax(shares))
        if best < len(SOUNDS) and shares[best] >= _LEAST and end_ms > start_ms:
            found.append(SoundHeard(start_ms, end_ms, SOUNDS[best], float(shares[best])))
    return _joined(found)


def _joined(found: Iterable[SoundHeard]) -> Iterator[SoundHeard]:
    """One sound for neighbours of the same kind, with the probability of the likeliest."""
    last: SoundHeard | None = None
    for one in found:
        if last is not None and last.sound is one.sound and one.start_ms <= last.end_ms:
            likeliest = max(last.probability, one.probability)
            one = replace(last, end_ms=max(last.end_ms, one.end_ms), probability=likeliest)
        elif last is not None:
            yield last
        last = one
    if last is not None:
        yield last


def _can_be_rows(rows: npt.NDArray[np.float64]) -> bool:
    """Whether each row is a window: times that follow each other, and probabilities."""
    times, shares = rows[:, :2], rows[:, 2:]
    is_time = np.isfinite(times).all() and (times >= 0).all() and (times < 1e9).all()
    return bool(is_time and ((shares >= 0) & (shares <= 1)).all())


def music_stretches(times: _Rows, music: _Rows, threshold: float) -> Iterator[SoundHeard]:
    """The stretches of at least `SHORTEST_MUSIC_MS` in which music is likely all the time.

    Args:
        times: start and end of each window in milliseconds, in order, shape (windows, 2)
        music: the probability of music alone in each, shape (windows,)
        threshold: the lowest probability, averaged over about three seconds

    >>> times = np.array([[at, at + 960.0] for at in range(0, 9_600, 480)])
    >>> list(music_stretches(times, np.where(times[:, 0] < 6_000, 0.9, 0.1), 0.6))
    [SoundHeard(start_ms=0, end_ms=6240, sound=<SceneSound.MUSIC: 'music'>, probability=0.886667)]
    """
    for first, last in _runs(times[1:, 0] - times[:-1, 1] > _PAUSE_MS, len(times)):
        smooth = _smoothed(music[first:last])
        likely = smooth >= threshold
        changes = np.diff(likely.astype(np.int8)) != 0
        for start, end in _runs(changes, last - first):
            if not likely[start]:
                continue
            begins, ends = int(times[first + start, 0]), int(times[first + end - 1, 1])
            if ends - begins >= SHORTEST_MUSIC_MS:
                share = float(smooth[start:end].mean())
                yield SoundHeard(begins, ends, SceneSound.MUSIC, round(share, 6))


def _runs(breaks: npt.NDArray[np.bool_], count: int) -> Iterator[tuple[int, int]]:
    """First row of each run and the one after its last, given whether it ends after each row."""
    edges = [0, *(np.flatnonzero(breaks) + 1).tolist(), count]
    return ((a, b) for a, b in pairwise(edges) if b > a)


def _smoothed(shares: _Rows) -> _Rows:
    """The mean of each window and its neighbours; fewer at the ends."""
    width = min(_SMOOTHED, len(shares))
    ones = np.ones(width)
    return np.asarray(
        np.convolve(shares, ones, mode="same")
        / np.convolve(np.ones(len(shares)), ones, mode="same")
    )


def scene_rows(segments: Iterable[Segment], tagger: SceneTagger) -> _Rows:
    """Each window of some stretches, with the score of each sound.

    Args:
        segments: the stretches' sound, at 16 kHz
        tagger: the user's model

    Returns:
        shape (windows, 12): start and end in milliseconds, then `SCENE_WORDS`
    """
    rows = []
    for segment in segments:
        if not segment.samples.size:
            continue
        for number, scores in enumerate(tagger.scores(segment.samples)):
            start = segment.span.start_ms + number * HOP * 1000 // SAMPLE_RATE
            end = min(start + WINDOW * 1000 // SAMPLE_RATE, segment.span.end_ms)
            rows.append([start, end, *scores])
    return np.array(sorted(rows), dtype=np.float64).reshape(-1, _SCENE_COLUMNS)


def scene_events(rows: _Rows) -> Iterator[SoundHeard]:
    """The sounds in windows: of neighbours with the same sound, one.

    Args:
        rows: see `scene_rows`

    >>> row = [0, 975, *[0.0] * len(SCENE_WORDS)]
    >>> row[2 + SCENE_WORDS.index("siren")] = 0.8
    >>> [(one.sound.value, one.start_ms, one.end_ms) for one in scene_events(np.array([row]))]
    [('siren', 0, 975)]
    """
    for place, sound in enumerate(SCENE_WORDS, start=2):
        scores = rows[rows[:, place] >= LEAST_SCORE][:, [0, 1, place]]
        yield from _joined(SoundHeard(int(a), int(b), sound, float(p)) for a, b, p in scores)
