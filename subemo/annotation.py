"""An annotated film: which tags are shown, and methods that write it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .analysis.analyse import FilmAnalysis
from .analysis.predictions import CuePrediction
from .captions.writing import Captions, check_captions_writable, write_captions
from .core.emotions import Emotion
from .core.errors import MissingExtraError, SettingsError
from .core.files import check_writable
from .core.settings import check_one_of
from .core.sounds import SCENE_SOUNDS, FilmSound, Sound
from .features.windows import MIN_SOUND_MS
from .formats import FORMATS
from .formats.registry import form_for, form_of, styled_text
from .proof import prove
from .sounds.weights import SoundDetector
from .sources.lookup import SubtitleTrack, document_warnings
from .subtitles.document import Cue, Document
from .tagging.annotation import AnnotatedCue, AnnotatedFilm, as_html, rows
from .tagging.colours import Palette
from .tagging.decisions import CueEvidence, Decision, FilmDecision, Reason, decide_film, more_tags
from .tagging.policy import SoundsShown, TagPolicy
from .tagging.sounds import ShownStretch, SoundCue, shown_thresholds, sound_cues, with_vocal_tags
from .tagging.vocabulary import Vocabulary, Wording, languages, vocabulary_of


class Annotation(AnnotatedFilm):
    """An annotated film that can be written as captions; its fields are those of `AnnotatedFilm`.

    Example:
        >>> import subemo
        >>> policy = subemo.TagPolicy(min_confidence=0.4)
        >>> annotation = subemo.annotate(
        ...     "samples/trailer.mp4", "samples/trailer.srt", policy=policy
        ... )
        >>> "[sadly]" in annotation.render("vtt").decode()
        True
    """

    @property
    def form(self) -> str:
        """The format of the subtitles, or SubRip if there are none."""
        return form_of(self.document)

    def render(self, form: str | None = None, *, colours: Palette | None = None) -> bytes:
        """The annotated subtitles as a whole file.

        Args:
            form: a name in `subemo.formats.FORMATS`; None for that of the subtitles
            colours: colours of the tags, for formats that have them

        Raises:
            SettingsError: if there is no such format
            OutputError: if it cannot be written, see `proven`
        """
        form = self._checked(form)
        if self.sound_cues:  # where they may stand is known of finished captions alone
            return self.proven(form, colours=colours).data
        return FORMATS[form].write(self, colours=colours)

    def _checked(self, form: str | None) -> str:
        if form is not None:
            check_one_of("form", form, FORMATS)
        return form or self.form

    def to_pandas(self) -> Any:
        """The cues as a table, one row each: times in milliseconds, text, emotion, tag, reason.

        Returns:
            a `pandas.DataFrame`

        Raises:
            MissingExtraError: if pandas is not installed
        """
        try:
            from pandas import DataFrame
        except ImportError as error:
            raise MissingExtraError(
                "to_pandas needs pandas, which is not installed",
                remedy="Install it with: pip install 'subemo[pandas]'",
            ) from error
        return DataFrame(rows(self.cues))

    def _repr_html_(self) -> str:
        """The HTML that a notebook shows."""
        return as_html(self)

    def proven(self, form: str | None = None, *, colours: Palette | None = None) -> Captions:
        """The annotated subtitles, checked: no text is lost and every tag can be removed.

        Args:
            form: a name in `subemo.formats.FORMATS`; None for that of the subtitles
            colours: colours of the tags, for formats that have them

        Returns:
            the captions, and the film without tags that failed the check

        Raises:
            SettingsError: if there is no such format
            OutputError: if the format would lose words, even without tags
        """
        return prove(self, self._checked(form), colours=colours)

    def save(
        self,
        path: str | Path,
        form: str | None = None,
        *,
        colours: Palette | None = None,
        overwrite: bool = False,
    ) -> None:
        """Writes the annotated subtitles atomically, never over an input.

        They are checked first, see `proven`. Formats that cannot mark tags
        get a record beside them; see `subemo.captions.record`.

        Args:
            path: the output file; its suffix decides on the format
            form: a name in `subemo.formats.FORMATS`, for a name whose suffix names no format
            colours: colours of the tags, for formats that have them
            overwrite: whether an existing file may be replaced

        Raises:
            SettingsError: if there is no such format
            OutputError: if the file cannot or must not be written, its suffix names no format
                or another one, or words would be lost
        """
        path = Path(path)
        check_writable(path, inputs=self.inputs, overwrite=overwrite)
        form = form_for(path, form)
        check_captions_writable(path, form, inputs=self.inputs, overwrite=overwrite)
        write_captions(self.proven(form, colours=colours), path, overwrite=overwrite)


def tag(
    subtitles: SubtitleTrack | None,
    analysis: FilmAnalysis,
    *,
    policy: TagPolicy | None = None,
    wording: Wording | None = None,
) -> Annotation:
    """Decides which tags an analysed film shows.

    Args:
        subtitles: the subtitles given to `analyse`
        analysis: what `analyse` returned
        policy: when a tag is shown
        wording: language and custom words of the tags

    Raises:
        SettingsError: if the language has no vocabulary

    Example:
        >>> import subemo
        >>> film = subemo.open_film("samples/trailer.mp4")
        >>> track = subemo.read_subtitles("samples/trailer.srt")
        >>> found = subemo.analyse(film, track, model=subemo.load_model("subemo-crnn"))
        >>> policy = subemo.TagPolicy(min_confidence=0.4)
        >>> [cue.tag_text for cue in subemo.tag(track, found, policy=policy).tagged]
        ['[sadly]']
    """
    wording = wording or Wording()
    vocabulary, warnings = vocabulary_for(wording, subtitles, analysis.spoken_language)
    return tagged(subtitles, analysis, policy or TagPolicy(), wording, vocabulary, warnings)


def tagged(
    track: SubtitleTrack | None,
    found: FilmAnalysis,
    policy: TagPolicy,
    wording: Wording,
    vocabulary: Vocabulary,
    vocabulary_warnings: Sequence[str],
) -> Annotation:
    """Like `tag`, with a vocabulary from `vocabulary_for`.

    Args:
        track: see `tag`
        found: see `tag`
        policy: see `tag`
        wording: see `tag`
        vocabulary: the vocabulary of the tags
        vocabulary_warnings: the warnings of `vocabulary_for`
    """
    policy = policy.with_threshold(found.threshold)
    document = None if track is None else track.document
    evidence = [
        _evidence(cue, predicted, document)
        for cue, predicted in zip(found.cues, found.predictions, strict=True)
    ]
    decided = decide_film(evidence, policy, vocabulary)
    decisions = with_sounds(decided, evidence, found, policy, vocabulary)
    cues = _annotated(found, evidence, decisions)
    of_track = () if track is None else document_warnings(track.description, track.document)
    past_end = () if track is None else past_end_warnings(track.description, cues)
    warnings = (*found.damage, *of_track, *vocabulary_warnings, *found.warnings, *past_end)
    return Annotation(
        video=found.film.path,
        subtitles=None if track is None else track.path,
        document=document,
        cues=cues,
        policy=policy,
        model=found.model,
        adaptation=found.adaptation,
        adapted_on=sum(predicted.prediction is not None for predicted in found.predictions),
        duration_ms=found.film.info.end_ms,
        channels="centre" if found.film.has_voice_in_centre else "all",
        audio_stream=found.film.track.number,
        audio_track=found.film.track_of_several,
        language=vocabulary.language,
        transcriber=found.transcriber,
        spoken_language=found.spoken_language,
        vocabulary=wording.words,
        warnings=tuple(dict.fromkeys(warnings)),
        witness=found.witness,
        form_of_tags=decided.form,
        sound_cues=sound_cues_of(found, cues, policy, vocabulary),
        sound_model=found.sound_model,
        more_tags=more_tags(evidence, policy, vocabulary, decided),
        video_state=found.film.info.state,
    )


def _annotated(
    found: FilmAnalysis, evidence: Sequence[CueEvidence], decisions: Sequence[Decision]
) -> tuple[AnnotatedCue, ...]:
    """The cues with their predictions and decisions."""
    return tuple(
        AnnotatedCue(
            cue,
            one.prediction,
            decision,
            one.styled_text,
            one.voice_prediction,
            one.text_prediction,
            predicted.vocal,
        )
        for cue, one, decision, predicted in zip(
            found.cues, evidence, decisions, found.predictions, strict=True
        )
    )


def _evidence(cue: Cue, predicted: CuePrediction, document: Document | None) -> CueEvidence:
    """What the policy needs to know about a cue."""
    return CueEvidence(
        start_ms=cue.start_ms,
        end_ms=cue.end_ms,
        styled_text=styled_text(cue.text, None if document is None else document.form),
        speaker=cue.speaker,
        is_of_first=cue.voice_end_ms is not None,
        has_text=document is None or document.offsets[cue.index].above is not None,
        prediction=predicted.prediction,
        voice_prediction=predicted.voice_prediction,
        text_prediction=predicted.text_prediction,
        why_not=why_not(cue, predicted.audio_ms) if predicted.prediction is None else None,
    )


def vocabulary_for(
    wording: Wording, track: SubtitleTrack | None, spoken: str | None = None
) -> tuple[Vocabulary, list[str]]:
    """The vocabulary of the tags: custom words, else that of a language.

    The language is the requested one, else that of the subtitles or
    of the speech, else English.

    Args:
        wording: the requested language and words
        track: the film's subtitles, or None
        spoken: the spoken language if there are no subtitles, or None

    Returns:
        the vocabulary and warnings for the user
    """
    if wording.words is not None:
        return wording.words, []
    asked, warnings = wording.language, []
    language = asked or (spoken if track is None else track.language)
    found = vocabulary_of(language or "en")
    if found is None and asked is not None:
        raise SettingsError(
            f"no tag words for the language {asked!r}",
            remedy=f"Choose one of {', '.join(languages())}, or give custom words with `words`.",
        )
    if found is None:
        source = "the speech" if track is None else track.description
        warnings.append(
            f"{source}: no tag words for the language {language!r}, so the tags are in English "
            "(set `language` or `words`)"
        )
    english = vocabulary_of("en")
    assert english is not None
    return found or english, warnings


def with_sounds(
    decided: FilmDecision,
    evidence: Sequence[CueEvidence],
    found: FilmAnalysis,
    policy: TagPolicy,
    vocabulary: Vocabulary,
) -> Sequence[Decision]:
    """The decisions, with vocal sounds and efforts where they show no mood.

    Args:
        decided: on the moods of all cues
        evidence: of all cues
        found: the film's analysis
        policy: when a tag is shown
        vocabulary: what the sounds are called
    """
    if found.sounds is None or policy.sounds is SoundsShown.NONE:
        return decided.cues
    thresholds = shown_thresholds(found.sounds.thresholds, found.sounds.reached, policy.sounds)
    vocal = [predicted.vocal for predicted in found.predictions]
    return with_vocal_tags(decided, evidence, vocal, thresholds, policy, vocabulary)


def sound_cue_thresholds(sounds: SoundDetector, policy: TagPolicy) -> dict[FilmSound, float]:
    """The lowest probability of each sound that can have a cue of its own.

    Args:
        sounds: the detector of vocal sounds
        policy: when a tag is shown
    """
    reached = shown_thresholds(sounds.thresholds, sounds.reached, policy.sounds)
    thresholds: dict[FilmSound, float] = {
        sound: least for sound, least in reached.items() if isinstance(sound, Sound)
    }
    if policy.sounds is SoundsShown.ALL:  # of these, only likely ones are among the detected
        thresholds |= dict.fromkeys(SCENE_SOUNDS, 0.0)
    return thresholds


def sound_cues_of(
    found: FilmAnalysis, cues: Sequence[AnnotatedCue], policy: TagPolicy, vocabulary: Vocabulary
) -> tuple[SoundCue, ...]:
    """The sounds between the cues that become cues of their own.

    Args:
        found: the film's analysis
        cues: of the film, decided on
        policy: when a tag is shown
        vocabulary: what the sounds are called
    """
    if found.sounds is None or not found.sounds_heard:
        return ()
    shown = [
        ShownStretch(
            cue.start_ms,
            cue.shown_end_ms,
            None if isinstance(cue.decision.tag, Emotion) else cue.decision.tag,
        )
        for cue in cues
    ]
    return sound_cues(
        found.sounds_heard,
        shown,
        sound_cue_thresholds(found.sounds, policy),
        preset=policy.preset,
        vocabulary=vocabulary,
        repeat_after_ms=policy.repeat_after_ms,
    )


def why_not(cue: Cue, audio_ms: int) -> Decision:
    """Why a cue could not be classified.

    Args:
        cue: the cue
        audio_ms: how much of it is before the end of the sound
    """
    duration_ms = cue.end_ms - cue.start_ms
    if duration_ms < MIN_SOUND_MS:
        detail = f"{duration_ms} ms, and {MIN_SOUND_MS} ms are needed"
        return Decision(None, Reason.TOO_SHORT, detail)
    if not audio_ms:
        return Decision(None, Reason.PAST_END)
    return Decision(None, Reason.TOO_LITTLE_SOUND, f"{MIN_SOUND_MS} ms are needed")


def past_end_warnings(path: str, cues: Iterable[AnnotatedCue]) -> Iterator[str]:
    """Warnings about cues that start after the end of the sound."""
    for cue in cues:
        if cue.decision.reason is Reason.PAST_END:
            yield f"{path}:{cue.cue.line}: this cue starts after the end of the sound"
