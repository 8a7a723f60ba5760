"""What the options of a film select: its subtitles, analysis and judgements."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ...analysis.film import Film, open_film
from ...analysis.options import AnalysisOptions, check_choice
from ...annotation import Annotation
from ...api import annotate
from ...core.cache import file_digest, user_cache
from ...core.printable import plain
from ...core.progress import OnStep
from ...model.statistics import check_adaptation
from ...sources import lookup
from ...sources.lookup import SubtitleTrack
from ...tagging.policy import TagPolicy
from ...tagging.vocabulary import Vocabulary, Wording
from ...transcription.whisper import Transcriber
from ..terminal import complain
from .options import FilmOptions, own_vocabulary

if TYPE_CHECKING:
    from ...review.judged import AnalysedFilm
    from ...review.judged_file import JudgedFile, VoiceCorrection


Result = TypeVar("Result")


def heard(
    function: Callable[..., Result],
    options: FilmOptions,
    source: SubtitleTrack | None,
    *,
    policy: TagPolicy,
    on_step: OnStep,
    **analysis: Any,
) -> Result:
    """Calls `subemo.annotate`, or a function like it, with what the options select.

    Args:
        function: it
        options: the film and how it is analysed
        source: its subtitles, or None
        policy: when a tag is shown
        on_step: told about progress
        **analysis: other fields of `subemo.AnalysisOptions`
    """
    language, transcriber = options.language, None
    if source is None and options.transcribe:
        transcriber = Transcriber(options.whisper, language=language)
    return function(
        open_film(options.video, audio_stream=options.audio_stream),
        source,
        model=options.model,
        policy=policy,
        options=AnalysisOptions(
            adaptation=check_adaptation(options.adapt),
            cache=user_cache() if options.cache else None,
            transcriber=transcriber,
            witness=check_choice(options.witness),
            sound_cues=options.sound_cues,
            sound_model=options.sound_model,
            **analysis,
        ),
        wording=Wording(language, own_vocabulary(language, options.words, source)),
        on_step=on_step,
    )


def subtitles_of(options: FilmOptions, words: Vocabulary | None = None) -> SubtitleTrack | None:
    """The film's subtitles: as given, else as found; *words* are custom tag words in them."""
    video, language, encoding = options.video, options.language, options.encoding
    if options.subs is not None:
        return lookup.read_subtitles(options.subs, encoding=encoding, words=words)
    if options.wish is None:
        source = lookup.read(
            video,
            lookup.beside(video, language=language),
            language=language,
            encoding=encoding,
            words=words,
        )
        if source is not None:
            complain("note", f"subtitles: {source.description}")
        return source
    if options.wish == "none":
        return None
    return lookup.embedded(video, options.track, language=language)


def annotate_judged(
    film: Film, source: SubtitleTrack | None, *, judged: Path | None, **options: Any
) -> Annotation:
    """Annotates a film like `subemo.annotate` and applies a file of judgements, if any.

    Judgements of another film are where this one begins.
    """
    if judged is None:
        return annotate(film, source, **options)
    # Most runs do not need it.
    from ...review.judged import analysed_film
    from ...review.judged_file import read_judged

    file = read_judged(judged)
    analysed = analysed_film(film, source, **options)
    places = {key: index for index, key in enumerate(analysed.keys())}
    fitted = file.fitted(list(places)).judgements
    judgements = {places[key]: one for key, one in fitted.items() if key in places}
    # Sounds between the cues are judged, but shown with --sound-cues alone.
    left = sum(key not in places and not key.sound for key in fitted)
    if 2 * left > len(fitted) and file.sha256 != file_digest(film.path):
        initial, note = correction_of_another(analysed, file)
        complain("note", f"{judged}: {note}")
        return analysed.beginning_with(initial).annotation(judgements)
    if left:
        complain("note", f"{judged}: {left} of {len(fitted)} judgements match no cue of this film")
    if file.initial is not None:
        complain("note", f"{judged}: {file.initial.said}")
    return analysed.beginning_with(file.initial).annotation(judgements)


def correction_of_another(
    analysed: AnalysedFilm, file: JudgedFile
) -> tuple[VoiceCorrection | None, str]:
    """What the judgements of another film taught, where that can be used, and what to tell.

    Args:
        analysed: the film that may begin with it
        file: the judgements of the other
    """
    taught = file.correction
    if taught is None:
        return None, (
            f"made for {plain(file.film)}, and nothing in it helps another film; "
            "judge cues there in the studio (subemo review)"
        )
    if not taught.is_for(analysed.bundle, analysed.text_model):
        return None, f"made for {plain(file.film)} with other models, so nothing of it is used"
    return taught, (
        f"made for {plain(file.film)}: what the {taught.cues} cues judged there taught about its voices is "
        "where this film begins"
    )
