"""Applies a reviewer's judgements to an analysed film and runs the policy again.

The judged emotion and the shown tag are separate. A judged emotion is evidence,
which the film's decision and the policy use like a model's predictions; a tag
that the reviewer sets or clears is then shown or not shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .. import api
from ..analysis.analyse import FilmAnalysis
from ..analysis.joint import DecidingModels, certain, chosen_text_model, learned_predictions, lesson
from ..analysis.options import AnalysisOptions
from ..annotation import Annotation, sound_cue_thresholds, tagged
from ..api import load_model
from ..core.emotions import EMOTIONS, UNMARKED, Emotion, Prediction
from ..core.progress import OnStep, ignore
from ..core.sounds import SoundHeard
from ..subtitles.encoding import refuse_doubt
from ..tagging.annotation import AnnotatedCue
from ..tagging.decisions import Decision, Reason
from ..tagging.layout import Layout, ReadingSlot, TagStyle, lay_out, lay_out_by_hand, unhindered
from ..tagging.policy import TagPolicy
from ..tagging.presets import PRESETS, TagForm, directed
from ..tagging.vocabulary import Vocabulary, Wording
from .edits import Edited, edited
from .judged_file import VoiceCorrection
from .judgements import CueKey, Judgement, Shown, keys_of, own_tags, summary_of

if TYPE_CHECKING:
    from ..analysis.film import Film
    from ..analysis.predictions import CuePrediction
    from ..model.bundle import Bundle
    from ..sources.lookup import SubtitleTrack
    from ..text_model import TextModel

#: Word posteriors that maximally contradict an emotion, so that its tag ranks first.
_LEAST = 1e-6
_BY_HAND = "set by hand"


@dataclass(frozen=True, eq=False)
class AnalysedFilm:
    """An analysed film, with everything its tags depend on besides judgements.

    Attributes:
        track: its subtitles, or None
        found: the analysis
        bundle: the voice model
        text_model: the text model, or None
        policy: when a tag is shown
        wording: language and custom words of the tags
        vocabulary: the vocabulary of the tags
        vocabulary_warnings: warnings about the vocabulary
        initial: what another film of the same voices taught, or None
    """

    track: SubtitleTrack | None
    found: FilmAnalysis
    bundle: Bundle
    text_model: TextModel | None
    policy: TagPolicy
    wording: Wording
    vocabulary: Vocabulary
    vocabulary_warnings: Sequence[str] = ()
    initial: VoiceCorrection | None = None
    _edited: dict[tuple[tuple[int, Judgement], ...], Edited] = field(
        default_factory=dict, repr=False
    )

    @property
    def form(self) -> str | None:
        """The name of the format of its cues' text, or None."""
        return None if self.track is None else self.track.document.form

    def keys(self) -> list[CueKey]:
        """The key of each cue, and behind these of each sound between them, for judgements."""
        return [*keys_of(self.found.cues, self.form), *sound_keys(self.sounds)]

    @property
    def sounds(self) -> Sequence[SoundHeard]:
        """The sounds between the cues that would be shown if there were time for each."""
        found, weights = self.found, self.found.sounds
        if weights is None:
            return ()
        least = sound_cue_thresholds(weights, self.policy)
        return [one for one in found.sounds_heard if one.probability >= least.get(one.sound, 2.0)]

    def beginning_with(self, initial: VoiceCorrection | None) -> AnalysedFilm:
        """The film that begins with what another taught, where it was taught to the same models."""
        if initial is None or not initial.is_for(self.bundle, self.text_model):
            return self
        return replace(self, initial=initial)

    def annotation(self, judgements: Mapping[int, Judgement]) -> Annotation:
        """The annotation with judgements, given by the index of the cue; warns of edits that cannot hold."""
        edits = self.edits(judgements)
        track, cues = edits.track, edits.cues
        initial = None if self.initial is None else self.initial.array
        predictions = learned_predictions(
            self.found.cues, self.found.predictions, self._models, _known(judgements), initial
        )
        ruled = [
            _ruled(predicted, judgements[index]) if index in judgements else predicted
            for index, predicted in enumerate(predictions)
        ]
        count = len(cues)
        of_sounds = {place - count: one for place, one in judgements.items() if place >= count}
        between = judged_sounds(self.sounds, of_sounds)
        found = replace(
            self.found, cues=cues, predictions=tuple(ruled), sounds_heard=tuple(between)
        )
        made = tagged(
            track, found, self.policy, self.wording, self.vocabulary, self.vocabulary_warnings
        )
        shown = [
            self._as_judged(cue, predictions[cue.index], judgements.get(cue.index), made)
            for cue in made.cues
        ]
        own = own_tags(judgements.values())
        return replace(
            made,
            cues=tuple(shown),
            adapted_on=sum(
                predicted.prediction is not None for predicted in self.found.predictions
            ),
            vocabulary=replace(self.vocabulary, own=own) if own else made.vocabulary,
            review=summary_of(judgements.values(), edits.applied.values()),
            warnings=(*made.warnings, *edits.warnings),
        )

    def correction(self, judgements: Mapping[int, Judgement]) -> VoiceCorrection | None:
        """What the judgements, by the index of the cue, teach for another film; None of none."""
        known = _known(judgements)
        if not known:
            return None
        initial = None if self.initial is None else self.initial.array
        array = lesson(self.found.cues, self.found.predictions, self._models, known, initial)
        if array is None:
            return None
        film = self.found.film.path.name
        return VoiceCorrection.of(array, self.bundle, self.text_model, film=film, cues=len(known))

    @property
    def _models(self) -> DecidingModels:
        return DecidingModels(self.bundle, self.text_model, self.found.sounds)

    def edits(self, judgements: Mapping[int, Judgement]) -> Edited:
        """The film's cues and subtitles with the edits among judgements, by the index of the cue."""
        changed = tuple(sorted((i, one) for i, one in judgements.items() if one.is_edited))
        if changed not in self._edited:
            made = edited(self.found.cues, self.track, dict(changed))
            self._edited.clear()  # only the last state is needed
            self._edited[changed] = made
        return self._edited[changed]

    def _as_judged(
        self,
        cue: AnnotatedCue,
        predicted: CuePrediction,
        judgement: Judgement | None,
        film: Annotation,
    ) -> AnnotatedCue:
        if judgement is None or not judgement.is_judged:
            return cue
        cue = replace(
            cue,
            prediction=predicted.prediction,
            voice_prediction=predicted.voice_prediction,
            text_prediction=predicted.text_prediction,
        )
        decision = cue.decision
        if judgement.shown is Shown.NOTHING:
            decision = Decision(None, Reason.CLEARED)
        elif judgement.shown is Shown.OWN:
            decision = self._own(cue, judgement, film.policy)
        elif judgement.shown is Shown.TAG and judgement.heard is not None:
            if decision.tag is not judgement.heard:
                decision = set_by_hand(
                    cue, judgement.heard, film.policy, self.vocabulary, film.form_of_tags
                )
            decision = replace(decision, detail=_BY_HAND)
        elif judgement.heard is not None:
            decision = replace(decision, detail=f"a person heard {judgement.heard}")
        return replace(cue, decision=decision)

    def _own(self, cue: AnnotatedCue, judgement: Judgement, policy: TagPolicy) -> Decision:
        style = _style(policy, self.vocabulary)
        own = replace(style, preset=replace(style.preset, format_word=lambda *_: judgement.own))
        emotion = judgement.heard or Emotion.NEUTRAL
        slot = _slot(cue)
        tag = directed(judgement.own, " ".join(slot.lines), self.vocabulary)
        layout = lay_out(slot, emotion, TagForm.MANNER, own) or Layout(
            tag, unhindered(slot.lines, emotion, own).is_above
        )
        return Decision(
            emotion, Reason.TAGGED, _BY_HAND, layout.tag, layout.is_above, layout.remedy
        )


def analysed_film(
    film: Film,
    track: SubtitleTrack | None,
    *,
    model: str,
    policy: TagPolicy,
    options: AnalysisOptions,
    wording: Wording,
    on_step: OnStep = ignore,
) -> AnalysedFilm:
    """Analyses a film like `subemo.annotate`, without deciding on tags.

    Args:
        film: the result of `open_film`
        track: its subtitles; without them the film is segmented by detected speech
        model: a model's name or folder
        policy: when a tag is shown
        options: how the film is analysed
        wording: language and custom words of the tags
        on_step: called with each step of progress

    Raises:
        SubemoError: or a subclass, with a message for the user
    """
    if track is not None:
        refuse_doubt(track.document.encoding, track.path)
    classifier = load_model(model)
    made = api.analyse_film(
        film, track, model=classifier, policy=policy,
        options=options, wording=wording, on_step=on_step,
    )  # fmt: skip
    found = made.found
    language = found.spoken_language if track is None else track.language
    text_model = chosen_text_model(options.witness, classifier.bundle, found.cues, language)
    return AnalysedFilm(
        track, found, classifier.bundle, text_model, policy, wording, made.vocabulary, made.warnings
    )


def _known(judgements: Mapping[int, Judgement]) -> dict[int, Emotion]:
    """The judged emotions, by the index of the cue."""
    return {index: one.heard for index, one in judgements.items() if one.heard is not None}


def _ruled(predicted: CuePrediction, judgement: Judgement) -> CuePrediction:
    """The prediction from which the policy produces the judged result."""
    heard = judgement.heard
    if judgement.shown is Shown.NOTHING and heard not in UNMARKED:
        # No prediction, so that no tag begins or ends here.
        return replace(predicted, prediction=None, voice_prediction=None)
    if heard is None:
        return predicted
    text = predicted.text_prediction
    if judgement.shown is Shown.TAG:
        against = [_LEAST if emotion is heard else 1.0 for emotion in EMOTIONS]
        text = Prediction(tuple(one / sum(against) for one in against))
    # The judged emotion also counts as the voice's.
    return replace(
        predicted, prediction=certain(heard), voice_prediction=certain(heard), text_prediction=text
    )


def sound_keys(heard: Sequence[SoundHeard]) -> list[CueKey]:
    """The key of each sound, for judgements."""
    return [CueKey(one.start_ms, one.end_ms, "", sound=one.sound.value) for one in heard]


def judged_sounds(
    heard: Sequence[SoundHeard], judgements: Mapping[int, Judgement]
) -> list[SoundHeard]:
    """The sounds that may be shown: none that a reviewer removed; those that a reviewer kept are certain.

    Args:
        heard: the sounds between a film's cues
        judgements: of them, by their place in *heard*
    """
    found = []
    for place, one in enumerate(heard):
        shown = judgements[place].shown if place in judgements else Shown.RULES
        if shown is Shown.KEPT:
            found.append(replace(one, probability=1.0))
        elif shown is not Shown.NOTHING:
            found.append(one)
    return found


def set_by_hand(
    cue: AnnotatedCue, emotion: Emotion, policy: TagPolicy, vocabulary: Vocabulary, form: TagForm
) -> Decision:
    """A tag set by a reviewer: in a readable layout if possible, else in the preset's.

    Args:
        cue: the cue
        emotion: the emotion of the tag
        policy: the policy
        vocabulary: the words of the tags
        form: the wording of the film's tags
    """
    slot, style = _slot(cue), _style(policy, vocabulary)
    layout = lay_out_by_hand(slot, emotion, form, style) or unhindered(slot.lines, emotion, style)
    return Decision(emotion, Reason.TAGGED, _BY_HAND, layout.tag, layout.is_above, layout.remedy)


def _slot(cue: AnnotatedCue) -> ReadingSlot:
    lines = tuple(line for line in cue.styled_text.plain.split("\n") if line.strip())
    return ReadingSlot(lines, cue.start_ms, cue.end_ms, cue.end_ms)


def _style(policy: TagPolicy, vocabulary: Vocabulary) -> TagStyle:
    limits = policy.limits(vocabulary.language)
    return TagStyle(PRESETS[policy.preset], vocabulary, limits, policy.most_added)
