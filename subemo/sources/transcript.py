"""Composes cues from words: split at natural pauses and laid out in two lines.

Netflix's Timed Text Style Guide and the BBC's guidelines (§7) agree: end a
subtitle with its sentence, break a line after punctuation or before a
conjunction, balance the lines, and show it as long as
it takes to read, from 5/6 s to 7 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ..align import SilencePolicy, cut, measure, split_on_silence, windows
from ..align.voice_activity import SAMPLE_RATE, SpeechPolicy, split_on_speech
from ..media.audio import Samples
from ..subtitles.document import Cue
from ..tagging.limits import SHORTEST_GAP_MS, ReadingLimits, length, needed_ms
from ..transcription.whisper import Transcriber, together
from ..transcription.words import Transcript, Word

#: Opens the film's sound at a sample rate, given the name of the stage.
Sound = Callable[[str, int], AbstractContextManager[Iterable[Samples]]]

#: The sample rate at which levels are measured, in hertz.
_LEVEL_RATE = 22_050


def empty_cues(
    sound: Sound, split: SilencePolicy | SpeechPolicy, limits: ReadingLimits
) -> tuple[Cue, ...]:
    """An empty cue for each segment.

    Args:
        sound: opens the film's sound, any number of times
        split: how the film is segmented
        limits: the limits on a cue's duration
    """
    stretches = _stretches(sound, split, limits)
    return tuple(Cue(index, start, end, "") for index, (start, end) in enumerate(stretches))


def transcribed(
    sound: Sound,
    split: SilencePolicy | SpeechPolicy,
    transcriber: Transcriber,
    limits: ReadingLimits,
) -> Transcript:
    """Transcribes the film; `subemo.sources.transcript.compose` makes cues from the words.

    Args:
        sound: see `empty_cues`
        split: see `empty_cues`
        transcriber: the speech recogniser
        limits: see `empty_cues`
    """
    stretches = list(_stretches(sound, split, limits))
    with sound("transcribing", SAMPLE_RATE) as blocks:
        segments = cut(blocks, together(stretches), sample_rate=SAMPLE_RATE)
        return transcriber.transcript(segments)


def _stretches(
    sound: Sound, split: SilencePolicy | SpeechPolicy, limits: ReadingLimits
) -> Iterator[tuple[int, int]]:
    if isinstance(split, SilencePolicy):
        with sound("detecting silence", _LEVEL_RATE) as blocks:
            yield from split_on_silence(measure(blocks, sample_rate=_LEVEL_RATE), split)
        return
    with sound("detecting speech", SAMPLE_RATE) as blocks:
        for start_ms, end_ms in split_on_speech(blocks, split):
            yield from windows(start_ms, end_ms, longest_ms=limits.longest_ms)


_SENTENCE_ENDS = tuple(".?!…。？！")
_CLAUSE_ENDS = tuple(",;:–—、，；：")
#: The pause in speech that ends a cue, from the BBC's guidelines.
_PAUSE_MS = 1_000


@dataclass(frozen=True)
class _Text:
    """The words of one cue."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words).strip()


def compose(words: Iterable[Word], limits: ReadingLimits) -> tuple[Cue, ...]:
    """Composes readable cues from timed words.

    Args:
        words: in order
        limits: the reading limits, see `subemo.tagging.limits.limits_for`
    """
    texts: list[_Text] = []
    for word in words:
        last = texts[-1] if texts else None
        if last is None or _ends(last, word, limits):
            texts.append(_Text((word,)))
        else:
            texts[-1] = _Text((*last.words, word))
    texts = [text for text in _parted(texts, limits) if text.text]
    starts = [text.words[0].start_ms for text in texts]
    cues = []
    for index, text in enumerate(texts):
        follower = starts[index + 1] if index + 1 < len(texts) else None
        lines = break_lines(text.text, limits)
        end_ms = _end(text, follower, lines, limits)
        cues.append(Cue(index, starts[index], end_ms, "\n".join(lines)))
    return tuple(cues)


def break_lines(text: str, limits: ReadingLimits) -> list[str]:
    """Breaks *text* into one line or two balanced lines, at natural pauses.

    Text that does not fit in two lines gets more.
    """
    if length(text, limits) <= limits.chars_per_line:
        return [text]
    pieces = text.split(" ") if " " in text else list(text)
    joint = " " if " " in text else ""
    best: tuple[float, int] | None = None
    for at in range(1, len(pieces)):
        first, second = joint.join(pieces[:at]), joint.join(pieces[at:])
        longest = max(length(first, limits), length(second, limits))
        if longest > limits.chars_per_line or second.startswith((*_SENTENCE_ENDS, *_CLAUSE_ENDS)):
            continue
        # A break after punctuation is worth ten characters of imbalance.
        balance = abs(length(first, limits) - length(second, limits))
        pause = 10 if first.endswith((*_SENTENCE_ENDS, *_CLAUSE_ENDS)) else 0
        if best is None or balance - pause < best[0]:
            best = (balance - pause, at)
    if best is not None:
        return [joint.join(pieces[: best[1]]), joint.join(pieces[best[1] :])]
    lines: list[str] = []
    for piece in pieces:
        grown = f"{lines[-1]}{joint}{piece}" if lines else piece
        if lines and length(grown, limits) <= limits.chars_per_line:
            lines[-1] = grown
        else:
            lines.append(piece)
    return lines


def _ends(last: _Text, word: Word, limits: ReadingLimits) -> bool:
    """Whether a cue ends before *word*."""
    if word.start_ms - last.words[-1].end_ms >= _PAUSE_MS:
        return True
    if word.end_ms - last.words[0].start_ms > limits.longest_ms:
        return True
    grown = last.text + word.text
    if len(break_lines(grown, limits)) > limits.lines:
        return True
    # A sentence ends a cue unless the cue would be too short to read.
    said_ms = last.words[-1].end_ms - last.words[0].start_ms
    return last.text.endswith(_SENTENCE_ENDS) and said_ms >= limits.shortest_ms


def _parted(texts: Iterable[_Text], limits: ReadingLimits) -> list[_Text]:
    """Splits cues that were full after their last pause instead.

    The words after that pause move to the next cue, if they fit.
    """
    done: list[_Text] = []
    carried: tuple[Word, ...] = ()
    following = list(texts)
    for index, text in enumerate(following):
        words = (*carried, *text.words)
        carried = ()
        follower = following[index + 1] if index + 1 < len(following) else None
        at = _last_pause(words)
        if (
            follower is not None
            and at is not None
            and not words[-1].text.rstrip().endswith((*_SENTENCE_ENDS, *_CLAUSE_ENDS))
            and follower.words[0].start_ms - words[-1].end_ms < _PAUSE_MS
            and _fits((*words[at:], *follower.words), limits)
        ):
            words, carried = words[:at], words[at:]
        done.append(_Text(words))
    return done


def _last_pause(words: Sequence[Word]) -> int | None:
    """The number of words up to the last comma, if that is past the middle."""
    ends = (*_SENTENCE_ENDS, *_CLAUSE_ENDS)
    places = [i for i, word in enumerate(words[:-1], 1) if word.text.rstrip().endswith(ends)]
    return places[-1] if places and places[-1] * 2 >= len(words) else None


def _fits(words: tuple[Word, ...], limits: ReadingLimits) -> bool:
    if words[-1].end_ms - words[0].start_ms > limits.longest_ms:
        return False
    return len(break_lines(_Text(words).text, limits)) <= limits.lines


def _end(text: _Text, follower_ms: int | None, lines: list[str], limits: ReadingLimits) -> int:
    """The end of a cue: after its last word, later if reading needs it, before the next cue."""
    start_ms = text.words[0].start_ms
    wanted = max(
        text.words[-1].end_ms, start_ms + limits.shortest_ms, start_ms + needed_ms(lines, limits)
    )
    wanted = max(text.words[-1].end_ms, min(wanted, start_ms + limits.longest_ms))
    if follower_ms is not None:
        wanted = min(wanted, follower_ms - SHORTEST_GAP_MS)
    return max(wanted, start_ms + 1)
