"""Five programs with subemo: annotate, classify, own policy and words, own model, many films."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

import subemo


def annotate(film: Path, subtitles: Path, output: Path) -> list[str]:
    """Writes tagged captions in the format that the output's suffix names; returns the reasons."""
    policy = subemo.TagPolicy(min_confidence=0.4)
    annotation: subemo.Annotation = subemo.annotate(film, subtitles, policy=policy)
    annotation.save(output, overwrite=True)
    decisions: list[subemo.Decision] = [cue.decision for cue in annotation.cues]
    return [one.text or one.reason.value for one in decisions]


def classify(messages: Iterable[Path]) -> dict[str, str]:
    """The emotion of each sound file, or why there is none."""
    model, found = subemo.load_model(), {}
    for path in messages:
        try:
            prediction = subemo.classify(path, model=model)
        except subemo.MediaError as error:
            found[path.name] = error.problem
        else:
            found[path.name] = prediction.emotion.value if prediction else "too little sound"
    return found


def with_own_words(film: Path, subtitles: Path, words: Path, colours: Path) -> bytes:
    """Captions with a house's own limits, words and colours; sounds are shown, too."""
    limits = subemo.ReadingLimits(chars_per_second=20, chars_per_line=45)
    policy = subemo.TagPolicy(
        policy=subemo.PolicyKind.SPARSE,
        min_confidence=0.4,
        preset="bbc",
        audience=subemo.Audience.ADULTS,
        chars_per_second=limits.chars_per_second,
        chars_per_line=limits.chars_per_line,
        sounds=subemo.SoundsShown.VOICE,
    )
    vocabulary: subemo.Vocabulary = subemo.read_vocabulary(words, language="en")
    palette: subemo.Palette = subemo.read_palette(colours)
    options = subemo.AnalysisOptions(
        witness=subemo.WitnessChoice.BOTH,
        cache=subemo.Cache(Path(subtitles.parent, "cache")),
        split=subemo.SpeechPolicy(),
        limits=limits,
    )
    annotation = subemo.annotate(
        film, subtitles, policy=policy, options=options, wording=subemo.Wording(words=vocabulary)
    )
    return annotation.render("vtt", colours=palette)


def with_own_model(folder: Path, sound: npt.NDArray[np.float32], rate: int) -> tuple[float, ...]:
    """The probabilities that a model of one's own gives to a sound, in the order of `Emotion`."""
    model: subemo.Classifier = subemo.load_model(folder)
    bundle: subemo.Bundle = model.bundle
    prediction = model.predict(sound, rate)
    if prediction is None:
        raise ValueError(f"{bundle.name}: too little sound")
    return prediction.probabilities


def annotate_many(
    folder: Path, output: Path, show: Callable[[str], None], is_cancelled: Callable[[], bool]
) -> tuple[list[Path], list[str]]:
    """Annotates a folder of films, and returns what was written and what failed.

    Another thread may cancel, with `threading.Event.set` for example; the next call resumes.
    """

    def on_progress(progress: subemo.BatchProgress) -> None:
        steps = [f"{Path(film.video).name}: {film.step.stage}" for film in progress.running]
        show(f"{progress.done} of {progress.total} films; {', '.join(steps)}")

    written: list[Path] = []
    failed: list[str] = []
    settings = subemo.BatchSettings(policy=subemo.TagPolicy(min_confidence=0.4), form="vtt")
    for outcome in subemo.annotate_films(
        [folder],
        output=output,
        settings=settings,
        workers=2,
        on_progress=on_progress,
        cancel=is_cancelled,
    ):
        if outcome.status is subemo.FilmStatus.FAILED or outcome.output is None:
            failed.append(f"{outcome.video.name}: {outcome.reason}")
        else:
            written.append(outcome.output)
    return written, failed
