from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from subemo.core.emotions import EMOTIONS, Emotion, Prediction
from subemo.core.errors import CorpusError
from subemo.research.films.answers import NO_TAG, FilmAnswers, answers_csv, read_answers
from subemo.research.films.building import BuiltFilm, CueTruth
from subemo.research.films.dialogues import Agreement
from subemo.research.films.evaluation import GroupBy, evaluate, figures_table, text_table
from subemo.research.films.metrics import METRICS
from subemo.subtitles.document import Cue
from subemo.tagging.annotation import AnnotatedCue
from subemo.tagging.decisions import Decision, Reason

CUE = Cue(0, 0, 1_000, "Words.")


def film(corpus: str, language: str, cues: int = 40) -> BuiltFilm:
    moods = [Emotion.NEUTRAL, Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY]
    kinds = list(Agreement)
    truths = tuple(
        CueTruth(
            place + 1, moods[place % 4], f"{corpus}-a/{place}", f"{corpus}-a", "Ross",
            f"dev-{place // 5}", kinds[place % 3], f"dev-{place // 5}-{place}", "=1+1", moods[0],
        )
        for place in range(cues)
    )  # fmt: skip
    name = f"reporting-{corpus}-0-1"
    return BuiltFilm(name, corpus, language, Path("s"), Path("t"), truths, {})


def answered(of: BuiltFilm, *, seed: int, words: bool = False) -> list[AnnotatedCue]:
    generator = np.random.default_rng(seed)
    found = []
    for place, truth in enumerate(of.cues):
        voice, read = generator.dirichlet(np.ones(8)), generator.dirichlet(np.ones(8))
        voice[EMOTIONS.index(truth.emotion)] += 0.3
        voice /= voice.sum()
        if place % 10 == 9:
            found.append(AnnotatedCue(CUE, None, Decision(None, Reason.UNSURE)))
            continue
        joint = (voice + read) / 2 if words else voice
        likely = EMOTIONS[int(joint.argmax())]
        shown = likely if likely not in (Emotion.NEUTRAL, Emotion.CALM) else None
        found.append(
            AnnotatedCue(
                CUE,
                Prediction.of(joint),
                Decision(shown, Reason.TAGGED if shown else Reason.UNSURE),
                voice_prediction=Prediction.of(voice) if words else None,
                text_prediction=Prediction.of(read) if words else None,
            )
        )
    return found


@pytest.fixture
def answers(tmp_path: Path) -> FilmAnswers:
    films = (film("casia", "zh"), film("ased", "am"))
    path = tmp_path / "answers.csv"
    pairs = [(one, answered(one, seed=place)) for place, one in enumerate(films)]
    path.write_text(answers_csv(pairs), encoding="utf-8")
    return read_answers(path)


@pytest.mark.parametrize("words", [False, True])
def test_csv_comes_back(tmp_path: Path, words: bool) -> None:
    one = film("casia", "zh")
    given = answered(one, seed=1, words=words)
    path = tmp_path / "answers.csv"
    path.write_text(answers_csv([(one, given)]), encoding="utf-8")
    read = read_answers(path)
    assert read.cue.tolist() == [cue.cue for cue in one.cues]
    assert read.kind.tolist() == [cue.kind for cue in one.cues]
    assert read.texts["words_line"].tolist() == ["=1+1"] * len(one.cues)
    for name, of in (("truth", "emotion"), ("words_truth", "words_emotion")):
        emotions = [EMOTIONS[place] for place in getattr(read, name)]
        assert emotions == [getattr(cue, of) for cue in one.cues]
    shown = [None if place == NO_TAG else EMOTIONS[place] for place in read.shown]
    assert shown == [answer.decision.tag for answer in given]
    posteriors = {
        "voice": [answer.voice_prediction or answer.prediction for answer in given],
        "words": [answer.text_prediction for answer in given],
        "joint": [answer.prediction for answer in given],
    }
    for name, of_cues in posteriors.items():
        for row, found in zip(getattr(read, name), of_cues, strict=True):
            posterior = found.probabilities if found else [np.nan] * 8
            assert row == pytest.approx(posterior, abs=1e-5, nan_ok=True)


def test_another_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("film,cue\na,1\n")
    with pytest.raises(CorpusError, match="not a table of predictions"):
        read_answers(path)


def test_as_many_answers_as_cues() -> None:
    with pytest.raises(ValueError, match="zip"):
        answers_csv([(film("casia", "zh"), [])])


def test_every_group_has_every_figure_with_its_interval(answers: FilmAnswers) -> None:
    groups = evaluate(answers, draws=50)
    names = {(group.by, group.name) for group in groups}
    assert names == {
        (GroupBy.ALL, "all"), (GroupBy.MEAN, "of the corpora"), (GroupBy.CORPUS, "casia"), (GroupBy.CORPUS, "ased"),
        (GroupBy.LANGUAGE, "zh"), (GroupBy.LANGUAGE, "am"),
        (GroupBy.FILM, "reporting-casia-0-1"), (GroupBy.FILM, "reporting-ased-0-1"),
        *((GroupBy.KIND, kind.value) for kind in Agreement),
    }  # fmt: skip
    for group in groups:
        assert set(group.figures) == set(METRICS)
        assert group.counts["dialogues"] == 8
        for figure in group.figures.values():
            assert np.isnan(figure.value) or figure.low <= figure.high
    whole, halves = groups[0], [g for g in groups if g.by is GroupBy.CORPUS]
    assert whole.counts["shown"] == sum(half.counts["shown"] for half in halves)
    mean = groups[1].figures["accuracy of a cue"].value
    assert mean == pytest.approx(np.mean([h.figures["accuracy of a cue"].value for h in halves]))
    assert evaluate(answers, draws=50)[0].figures["P@30"] == whole.figures["P@30"]


def test_tables(answers: FilmAnswers) -> None:
    groups = evaluate(answers, draws=0)
    assert "all: 80 cues, 60 emotional, 8 dialogues" in text_table(groups)
    lines = figures_table(groups).splitlines()
    assert lines[0] == "by,name,cues,metric,value,low,high"
    assert len(lines) == 1 + len(groups) * len(METRICS)
