from __future__ import annotations

import copy
import pickle
import shutil
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

import subemo
from subemo import PolicyKind, SilencePolicy, TagPolicy
from subemo.core.errors import MediaError, OutputError, SettingsError, SubtitleError
from subemo.core.progress import Step
from subemo.media import probe, stream_audio
from subemo.model import DEFAULT_MODEL
from subemo.model.bundle import find_bundle
from subemo.model.classifier import Classifier
from subemo.tagging.decisions import Reason

from .conftest import run_ffmpeg, silence, speechlike, write_srt, write_wav

RATE = 22_050


def test_each_cue_is_judged_by_its_own_sound(film: Path, tmp_path: Path) -> None:
    times = [(500, 2_500), (7_000, 8_500), (2_000, 3_500)]  # out of order, overlapping
    srt = write_srt(tmp_path / "a.srt", [(*pair, f"line {i}") for i, pair in enumerate(times)])
    annotation = subemo.annotate(film, srt)

    classifier = Classifier.from_bundle(DEFAULT_MODEL)
    rate = classifier.features.sample_rate
    whole = np.concatenate(list(stream_audio(film, sample_rate=rate)))
    cuts = [whole[rate * start // 1000 : rate * end // 1000] for start, end in times]
    answers = classifier.predict(cuts, rate)
    for cue in annotation.cues:
        assert cue.voice_prediction is not None
        # The encoder's integers round what differs in the last place.
        near = [
            one.probabilities == pytest.approx(cue.voice_prediction.probabilities, abs=5e-3)
            for one in answers
            if one is not None
        ]
        assert near == [place == cue.index for place in range(3)]
    assert [cue.text for cue in annotation.cues] == ["line 0", "line 1", "line 2"]
    assert annotation.warnings == ()


def test_reasons_for_no_tag(film: Path, tmp_path: Path) -> None:
    srt = write_srt(
        tmp_path / "a.srt",
        [
            (1_000, 1_000, "no length"),
            (1_000, 1_200, "too short"),
            (4_300, 5_800, "silence"),
            (20_000, 21_000, "past the end"),
            (8_850, 12_000, "nearly past the end"),
            (3_000, 2_000, "backwards"),
            (1_000, 3_000, "good"),
        ],
    )
    annotation = subemo.annotate(film, srt, policy=TagPolicy(policy=PolicyKind.EVERY))
    assert [cue.decision.reason for cue in annotation.cues] == [
        Reason.TOO_SHORT,
        Reason.TOO_SHORT,
        Reason.TOO_LITTLE_SOUND,
        Reason.PAST_END,
        Reason.TOO_LITTLE_SOUND,
        Reason.TOO_SHORT,
        Reason.TAGGED,
    ]
    assert [cue.prediction is None for cue in annotation.cues] == [True] * 6 + [False]
    assert any(
        ":14: this cue starts after the end of the sound" in line for line in annotation.warnings
    )


def test_an_empty_cue_shows_nothing_even_where_every_cue_does(film: Path, tmp_path: Path) -> None:
    srt = write_srt(tmp_path / "a.srt", [(0, 2_000, ""), (2_000, 4_000, "text")])
    annotation = subemo.annotate(film, srt, policy=TagPolicy(policy=PolicyKind.EVERY))
    assert annotation.cues[0].decision.reason is Reason.NO_TEXT
    assert annotation.cues[1].decision.tag is not None


def test_a_cue_at_12_s_meets_the_sound_of_12_s(tmp_path: Path) -> None:
    # The track starts two seconds late; the voice is where a player sounds it.
    sound = write_wav(tmp_path / "a.wav", np.concatenate((silence(1), speechlike(2))))
    late = tmp_path / "late.mp4"
    run_ffmpeg(
        "-f", "lavfi", "-i", "color=s=64x36:r=25:d=6", "-itsoffset", "2", "-i", sound,
        "-map", "0:v", "-map", "1:a", "-c:a", "aac", late,
    )  # fmt: skip
    srt = write_srt(tmp_path / "a.srt", [(1_000, 2_800, "before"), (3_000, 5_000, "voice")])
    before, voice = subemo.annotate(late, srt).cues
    assert before.decision.reason is Reason.TOO_LITTLE_SOUND
    assert voice.prediction is not None


def test_a_cue_as_long_as_the_film(film: Path, tmp_path: Path) -> None:
    srt = write_srt(tmp_path / "a.srt", [(0, 36_000_000, "all"), (0, 2_000, "some")])
    annotation = subemo.annotate(film, srt)
    assert all(cue.prediction is not None for cue in annotation.cues)


class TestWithoutSubtitles:
    def test_cues_are_where_something_sounds(self, film: Path) -> None:
        annotation = subemo.annotate(
            film,
            policy=TagPolicy(policy=PolicyKind.EVERY),
            options=subemo.AnalysisOptions(split=SilencePolicy()),
        )
        first, second = annotation.cues
        assert (first.start_ms, abs(first.end_ms - 4_100) < 300) == (0, True)
        assert abs(second.start_ms - 5_900) < 300
        blocks = annotation.render("srt").decode().split("\n\n")
        assert len(blocks) == 2
        assert blocks[0].startswith("1\n00:00:00,000 --> 00:00:0")
        assert blocks[0].endswith(f"\n{first.tag_text}")

    def test_cues_without_a_tag_are_left_out(self, film: Path) -> None:
        annotation = subemo.annotate(
            film,
            policy=TagPolicy(min_confidence=1.0),
            options=subemo.AnalysisOptions(split=SilencePolicy()),
        )
        assert len(annotation.cues) == 2
        assert annotation.render("srt") == b""

    def test_policy_is_used(self, film: Path) -> None:
        annotation = subemo.annotate(
            film, options=subemo.AnalysisOptions(split=SilencePolicy(longest_ms=2_000))
        )
        assert len(annotation.cues) > 4
        edges = [edge for cue in annotation.cues for edge in (cue.start_ms, cue.end_ms)]
        assert all(a <= b for a, b in pairwise(edges))

    def test_silent_film(self, tmp_path: Path) -> None:
        annotation = subemo.annotate(write_wav(tmp_path / "a.wav", silence(3)))
        assert annotation.cues == ()


def test_progress_is_told(film: Path, tmp_path: Path) -> None:
    steps: list[Step] = []
    srt = write_srt(tmp_path / "a.srt", [(0, 8_500, "all")])
    subemo.annotate(film, srt, on_step=steps.append)
    assert [step.done for step in steps] == [1_000 * i for i in range(1, 10)]
    assert {step.stage for step in steps} == {"extracting features"}


def test_save_never_touches_an_input(film: Path, tmp_path: Path) -> None:
    srt = write_srt(tmp_path / "a.srt", [(0, 2_000, "text")])
    before = srt.read_bytes()
    annotation = subemo.annotate(film, srt)
    for path in (srt, film):
        with pytest.raises(OutputError, match="an input"):
            annotation.save(path, overwrite=True)
    assert srt.read_bytes() == before
    annotation.save(tmp_path / "out.srt")
    with pytest.raises(OutputError, match="exists"):
        annotation.save(tmp_path / "out.srt")
    annotation.save(tmp_path / "out.srt", overwrite=True)


class TestFormat:
    @pytest.fixture
    def annotation(self, film: Path, tmp_path: Path) -> subemo.Annotation:
        return subemo.annotate(film, write_srt(tmp_path / "a.srt", [(0, 2_000, "text")]))

    def test_the_suffix_decides(self, annotation: subemo.Annotation, tmp_path: Path) -> None:
        annotation.save(tmp_path / "a.vtt")
        subemo.write(annotation, tmp_path / "b.VTT")
        assert (tmp_path / "a.vtt").read_bytes() == annotation.proven("vtt").data
        assert (tmp_path / "b.VTT").read_bytes() == annotation.proven("vtt").data

    def test_a_suffix_of_no_format(self, annotation: subemo.Annotation, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match=r"no known caption suffix\. .*: srt, vtt"):
            annotation.save(tmp_path / "a.docx")
        annotation.save(tmp_path / "a.txt", "vtt")
        with pytest.raises(OutputError, match="no known caption suffix"):
            annotation.save(tmp_path / "without")
        annotation.save(tmp_path / "without", "srt")
        assert (tmp_path / "a.txt").read_bytes().startswith(b"WEBVTT")
        assert (tmp_path / "without").read_bytes().startswith(b"1\n")

    def test_a_contradiction(self, annotation: subemo.Annotation, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match=r"ends with \.vtt, .*form=\"vtt\""):
            annotation.save(tmp_path / "a.vtt", "srt")
        assert not (tmp_path / "a.vtt").exists()
        annotation.save(tmp_path / "a.vtt", "vtt")

    def test_no_such_format(self, annotation: subemo.Annotation, tmp_path: Path) -> None:
        for use in (annotation.render, annotation.proven, partial(annotation.save, tmp_path / "a")):
            with pytest.raises(SettingsError, match="form cannot be 'docx'"):
                use("docx")


def test_wrong_inputs(film: Path, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no such file"):
        subemo.annotate(tmp_path / "none.mp4", tmp_path / "none.srt")
    with pytest.raises(SubtitleError, match="cannot be read"):
        subemo.annotate(film, tmp_path / "none.srt")


def test_ffmpeg_is_reaped_when_the_caller_is_interrupted(film: Path, tmp_path: Path) -> None:
    import os

    children = Path(f"/proc/self/task/{os.getpid()}/children")
    srt = write_srt(tmp_path / "a.srt", [(0, 8_500, "all")])
    before = children.read_text()

    def interrupt(step: Step) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        subemo.annotate(film, srt, on_step=interrupt)
    assert caught.tb  # frames are still alive, and ffmpeg is gone nevertheless
    assert children.read_text() == before


@pytest.mark.parametrize("count", [3, 1_200])
def test_films_of_few_cues_and_of_many(film: Path, tmp_path: Path, count: int) -> None:
    cues = [(1_000 + i % 400 * 10, 1_350 + i % 400 * 10, f"line {i}") for i in range(count)]
    annotation = subemo.annotate(film, write_srt(tmp_path / "a.srt", cues))
    assert [cue.text for cue in annotation.cues] == [f"line {i}" for i in range(count)]
    judged = sum(cue.prediction is not None for cue in annotation.cues)
    assert annotation.adapted_on == judged > count // 2
    assert annotation.adaptation == "film"


class TestClassify:
    def test_a_voice_message(self, tmp_path: Path) -> None:
        classifier = Classifier.from_bundle(DEFAULT_MODEL)
        rate = classifier.features.sample_rate
        voice = speechlike(3, sample_rate=rate)
        path = write_wav(tmp_path / "message.wav", voice, rate)
        ours, expected = subemo.classify(path), classifier.predict(voice, rate)
        assert ours is not None
        assert expected is not None
        # A product of matrices depends in its last digit on how many threads share it.
        assert ours.probabilities == pytest.approx(expected.probabilities, abs=1e-4)

    def test_a_file_that_does_not_say_how_long_it_is(self, tmp_path: Path) -> None:
        # As browsers record: the voice that matters comes after the first minute.
        sound = np.concatenate((silence(65), speechlike(4)))
        wav = write_wav(tmp_path / "a.wav", sound)
        path = tmp_path / "message.webm"
        run_ffmpeg("-i", wav, "-c:a", "libopus", "-live", "1", path)
        assert probe(path).duration_ms is None
        assert subemo.classify(path) is not None

    def test_nothing_is_said(self, tmp_path: Path) -> None:
        assert subemo.classify(write_wav(tmp_path / "a.wav", silence(2))) is None


@pytest.mark.parametrize("model", ["report-crnn", "subemo-crnn"])
def test_any_number_of_threads_gives_the_same_bytes(trailer: tuple[Path, Path], model: str) -> None:
    rendered = {
        subemo.annotate(
            *trailer, model=model, options=subemo.AnalysisOptions(threads=threads)
        ).render("json")
        for threads in (1, 2, 4)
    }
    assert len(rendered) == 1


def test_a_fault_in_a_thread_is_the_callers(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("subemo.model.classifier.Classifier.extract", broken)
    cues = write_srt(tmp_path / "a.srt", [(0, 1_000, "a"), (1_000, 2_000, "b")])
    with pytest.raises(ZeroDivisionError):
        subemo.annotate(film, cues, options=subemo.AnalysisOptions(threads=2))


@pytest.mark.parametrize("old", ["adaptation", "language", "encoding", "threads", "words"])
def test_keywords_of_0_1_are_gone(old: str, trailer: tuple[Path, Path]) -> None:
    with pytest.raises(TypeError, match=f"unexpected keyword argument '{old}'"):
        subemo.annotate(*trailer, **{old: None})  # type: ignore[arg-type]


def test_the_steps_are_the_whole(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    film, track = subemo.open_film(trailer[0]), subemo.read_subtitles(trailer[1])
    found = subemo.analyse(film, track, model=subemo.load_model())
    policy = subemo.TagPolicy(policy=subemo.PolicyKind.EVERY)
    steps = subemo.tag(track, found, policy=policy)
    assert steps == subemo.annotate(*trailer, policy=policy)
    assert found.answers is found.predictions
    subemo.write(steps, tmp_path / "a.srt")
    assert (tmp_path / "a.srt").read_bytes() == steps.proven().data


def _annotated(path: Path) -> subemo.Annotation:
    return subemo.annotate(path, path.with_suffix(".srt"), policy=TagPolicy(min_confidence=0.4))


def test_an_annotation_is_copied_and_returns_from_another_process(
    trailer: tuple[Path, Path], tmp_path: Path
) -> None:
    (tmp_path / "a.toml").write_text('sad = "sorrowfully"\n')
    words = subemo.read_vocabulary(tmp_path / "a.toml", language="en")
    policy = TagPolicy(min_confidence=0.4, preset="bbc")
    made = subemo.annotate(*trailer, policy=policy, wording=subemo.Wording(words=words))
    for other in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert other == made
        assert b"SORROWFULLY:" in other.render() == made.render()
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(_annotated, trailer[0]).result() == _annotated(trailer[0])


def test_options_and_palettes_are_pickled(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('sad = "#FFFFFF"\n')
    for one in (subemo.AnalysisOptions(), TagPolicy(), subemo.read_palette(tmp_path / "a.toml")):
        assert pickle.loads(pickle.dumps(one)) == one


def test_a_model_is_that_of_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        shutil.copytree(find_bundle("report-crnn"), tmp_path / name / "model")
        path = tmp_path / name / "model" / "model.json"
        path.write_text(path.read_text().replace('"report-crnn"', f'"{name}"', 1))
        monkeypatch.chdir(tmp_path / name)
        assert subemo.load_model("model").bundle.name == name
    path.write_text(path.read_text().replace('"two"', '"three"', 1))
    assert subemo.load_model("model").bundle.name == "three"
