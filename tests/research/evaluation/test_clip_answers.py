from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from subemo import media
from subemo.core.cache import Cache
from subemo.core.emotions import Emotion, Prediction
from subemo.core.errors import CorpusError, MediaError, OutputError
from subemo.features import ReportFeatures
from subemo.model import DEFAULT_MODEL
from subemo.model.classifier import Classifier
from subemo.model.statistics import Statistics, adapted_statistics
from subemo.research.corpora import Clip, read_corpus
from subemo.research.datasets.cutting import clip_names, cut_clips
from subemo.research.datasets.features import build_table
from subemo.research.evaluation.clip_answers import answer_clips, answer_film
from subemo.research.evaluation.sets import read_labels

from ...conftest import run_ffmpeg, silence, speechlike, write_wav

RATE = 22_050


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.from_bundle("report-crnn")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for i, name in enumerate(("joy_happy1", "joy_sad1", "dad_angry1", "dad_angry2")):
        write_wav(tmp_path / f"{name}.wav", speechlike(1.5, seed=i))
    return tmp_path


class TestAnswerClips:
    def test_as_the_classifier_answers(self, folder: Path, classifier: Classifier) -> None:
        clips = read_corpus(folder).clips
        answers = answer_clips(clips, classifier)
        samples = [soundfile.read(clip.path, dtype="float32")[0] for clip in clips]
        for ours, expected in zip(
            answers.predictions, classifier.predict(samples, RATE), strict=True
        ):
            assert expected is not None
            np.testing.assert_allclose(ours.probabilities, expected.probabilities, atol=1e-6)
        assert answers.adaptation == "none"
        assert answers.score().grouped_by == "speaker"

    def test_odd_sound_is_heard(self, tmp_path: Path, classifier: Classifier) -> None:
        voice = speechlike(1.5)
        eight = np.repeat(voice[:, None], 8, axis=1)
        soundfile.write(tmp_path / "a_sad1.wav", eight, RATE, subtype="PCM_16")
        write_wav(tmp_path / "a_sad2.wav", speechlike(1.5, sample_rate=8_000), 8_000)
        write_wav(tmp_path / "a_sad3.wav", speechlike(25))
        answers = answer_clips(read_corpus(tmp_path).clips, classifier)
        assert len(answers.predictions) == 3
        assert answers.broken == ()

    def test_what_cannot_be_classified_is_named(self, folder: Path, classifier: Classifier) -> None:
        write_wav(folder / "a_sad1.wav", speechlike(0.01))
        write_wav(folder / "a_sad2.wav", silence(1))
        (folder / "a_sad3.wav").write_bytes(b"RIFFnothing")
        answers = answer_clips(read_corpus(folder).clips, classifier)
        assert len(answers.predictions) == 4
        problems = {clip.path.name: problem for clip, problem in answers.broken}
        assert problems["a_sad1.wav"] == "too little sound"
        assert "no sound" in problems["a_sad2.wav"]
        assert "not a readable sound file" in problems["a_sad3.wav"]

    def test_nothing_can_be_classified(self, tmp_path: Path, classifier: Classifier) -> None:
        write_wav(tmp_path / "a_sad1.wav", silence(1))
        with pytest.raises(CorpusError, match="no clip could be classified"):
            answer_clips(read_corpus(tmp_path).clips, classifier).score()

    def test_versions_share_their_clips_group(self, folder: Path, classifier: Classifier) -> None:
        pytest.importorskip("librosa")
        clips = read_corpus(folder).clips[:2]
        answers = answer_clips(clips, classifier, versions=4)
        assert answers.versions == (0, 1, 2, 3) * 2
        once = answer_clips(clips, classifier)
        assert answers.predictions[0] == once.predictions[0]
        assert answers.predictions[4] == once.predictions[1]
        assert len({p.probabilities for p in answers.predictions}) == 8

    def test_a_version_is_trimmed_as_in_training(
        self, folder: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Trimmed once, before it is augmented: the features are those of the table."""
        pytest.importorskip("librosa")
        fading = speechlike(1.5) * np.linspace(1, 0.001, int(1.5 * RATE), dtype=np.float32)
        write_wav(folder / "joy_happy1.wav", fading)
        clips = [c for c in read_corpus(folder).clips if c.path.name == "joy_happy1.wav"]
        seen: list[np.ndarray] = []
        classify = classifier.classify

        def watch(vector: np.ndarray, statistics: Statistics) -> Prediction:
            seen.append(vector)
            return classify(vector, statistics)

        monkeypatch.setattr(classifier, "classify", watch)
        answer_clips(clips, classifier, versions=4)
        table = build_table(clips, features=ReportFeatures(), cache=Cache(folder / "cache"))
        np.testing.assert_allclose(np.stack(seen), table.rows[:, :161], rtol=1e-6)

    def test_standardised_on_the_set_itself(self, folder: Path, classifier: Classifier) -> None:
        clips = read_corpus(folder).clips
        answers = answer_clips(clips, classifier, adaptation="set")
        samples = [soundfile.read(clip.path, dtype="float32")[0] for clip in clips]
        vectors = [v for s in samples if (v := classifier.extract(s)) is not None]
        training = classifier.statistics([])
        own = adapted_statistics(vectors, training, adaptation="set")
        expected = [classifier.classify(vector, own) for vector in vectors]
        assert list(answers.predictions) == expected
        assert answers.adaptation == "set"
        assert answers.predictions != answer_clips(clips, classifier).predictions

    def test_second_time_from_the_cache(
        self, folder: Path, tmp_path: Path, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clips = read_corpus(folder).clips
        cache = Cache(tmp_path / "cache")
        first = answer_clips(clips, classifier, cache=cache)

        def fail(*_: object) -> None:
            raise AssertionError("computed again")

        monkeypatch.setattr("subemo.research.evaluation.clip_answers.extract_windows", fail)
        assert answer_clips(clips, classifier, cache=cache).predictions == first.predictions

    def test_frames_come_back_from_the_cache_as_they_were(
        self, folder: Path, tmp_path: Path
    ) -> None:
        write_wav(folder / "joy_fear1.wav", speechlike(25))
        clips = read_corpus(folder).clips
        default = Classifier.from_bundle(DEFAULT_MODEL)
        cache = Cache(tmp_path / "cache")
        first, again = (answer_clips(clips, default, cache=cache) for _ in range(2))
        assert first.adaptation == again.adaptation == "film"
        assert again.predictions == first.predictions
        assert len(first.predictions) == 5

    def test_interval_outside_of_the_file(self, folder: Path, classifier: Classifier) -> None:
        clip = Clip(
            folder / "joy_sad1.wav", Emotion.SAD, None, None, "manifest",
            start_ms=5_000, end_ms=9_000,
        )  # fmt: skip
        ((_, problem),) = answer_clips([clip], classifier).broken
        assert "is outside this file" in problem


class TestFilm:
    @pytest.fixture
    def labels(self, tmp_path: Path) -> Path:
        path = tmp_path / "labels.csv"
        path.write_text("start,end,emotion,speaker\n0.5,2.5,happy,joy\n6.5,8.5,Anger,dad\n")
        return path

    def test_stretches_are_classified_by_their_sound(
        self, film: Path, labels: Path, classifier: Classifier
    ) -> None:
        clips = read_labels(labels, film)
        answers = answer_film(film, clips, classifier)
        whole = np.concatenate(list(media.stream_audio(film, sample_rate=RATE)))
        parts = [whole[RATE // 2 : 5 * RATE // 2], whole[13 * RATE // 2 : 17 * RATE // 2]]
        assert list(answers.predictions) == classifier.predict(parts, RATE)
        assert [clip.speaker for clip in answers.clips] == ["film-joy", "film-dad"]

    def test_silence_and_past_the_end(
        self, film: Path, labels: Path, classifier: Classifier
    ) -> None:
        labels.write_text("start,end,emotion\n4.3,5.7,sad\n1,2,sad\n")
        answers = answer_film(film, read_labels(labels, film), classifier)
        assert len(answers.predictions) == 1
        assert answers.broken[0][1] == "too little sound"
        labels.write_text("start,end,emotion\n7,12,sad\n")
        with pytest.raises(CorpusError, match="7 to 12 s is outside the film"):
            answer_film(film, read_labels(labels, film), classifier)
        labels.write_text("start,end,emotion\n20,21,sad\n")
        with pytest.raises(CorpusError, match="20 to 21 s is outside the film"):
            answer_film(film, read_labels(labels, film), classifier)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("from,to,emotion\n1,2,sad\n", "line 1: the header"),
            ("start,end,emotion\n2,2,sad\n", "line 2: the interval 2 to 2 is empty"),
            ("start,end,emotion\n1,2,bored\n", "line 2: unknown label 'bored'"),
            ("start,end,emotion\n,,sad\n", "line 2: start and end are empty"),
            ("start,end,emotion\n1,2,sad\n1,2,happy\n", "line 3: duplicate of line 2"),
            ("start,end,emotion\n", "no labelled segments"),
        ],
    )
    def test_wrong_labels(self, film: Path, labels: Path, text: str, message: str) -> None:
        labels.write_text(text)
        with pytest.raises(CorpusError, match=message):
            read_labels(labels, film)

    def test_labels_to_ignore(self, film: Path, labels: Path) -> None:
        assert len(read_labels(labels, film, ignore=["anger"])) == 1


class TestCutClips:
    LABELS = "start,end,emotion,speaker\n0.5,2.5,happy,joy\n1,3,happy,joy\n6.5,8.5,fear,a b/../c\n"

    @pytest.fixture
    def labels(self, tmp_path: Path) -> Path:
        path = tmp_path / "labels.csv"
        path.write_text(self.LABELS)
        return path

    def test_clips_are_named_and_sound_as_in_the_film(
        self, film: Path, labels: Path, tmp_path: Path
    ) -> None:
        clips = read_labels(labels, film)
        written = list(cut_clips(film, clips, tmp_path / "clips"))
        names = ["joy_happy1.wav", "joy_happy2.wav", "a-b-c_fear1.wav"]
        assert [path.name for path in written] == names == clip_names(clips)
        assert sorted(p.name for p in (tmp_path / "clips").iterdir()) == sorted(names)
        samples, rate = soundfile.read(written[0], dtype="float32", always_2d=True)
        assert samples.shape[0] / rate == pytest.approx(2, abs=0.02)
        from subemo.media.audio import resample

        whole = np.concatenate(list(media.stream_audio(film, sample_rate=RATE)))
        ours = resample(samples.mean(axis=1), rate, RATE)[:40_000]
        theirs = whole[RATE // 2 :][: ours.size]
        assert np.corrcoef(ours, theirs)[0, 1] > 0.98
        again = read_corpus(tmp_path / "clips").clips
        assert sorted(clip.emotion for clip in again) == ["fear", "happy", "happy"]

    def test_existing_clips_are_kept(self, film: Path, labels: Path, tmp_path: Path) -> None:
        clips = read_labels(labels, film)
        (tmp_path / "joy_happy2.wav").write_text("precious")
        with pytest.raises(OutputError, match="already exists"):
            list(cut_clips(film, clips, tmp_path))
        assert (tmp_path / "joy_happy2.wav").read_text() == "precious"
        assert not (tmp_path / "joy_happy1.wav").exists()

    def test_a_playlist_is_no_film(self, labels: Path, tmp_path: Path) -> None:
        path = tmp_path / "list.mp4"
        path.write_text("ffconcat version 1.0\nfile 'x.mp4'\n")
        with pytest.raises(MediaError, match="can refer to other files"):
            list(cut_clips(path, read_labels(labels, path), tmp_path / "clips"))

    def test_past_the_end(self, film: Path, labels: Path, tmp_path: Path) -> None:
        labels.write_text("start,end,emotion\n8,12,sad\n")
        with pytest.raises(CorpusError, match="ending at 12 s is outside the film"):
            list(cut_clips(film, read_labels(labels, film), tmp_path / "clips"))

    @pytest.mark.parametrize("kind", ["late", "hole"])
    def test_a_clip_has_the_sound_of_its_time(self, tmp_path: Path, kind: str) -> None:
        """At second *k* of the sound is a burst of 400 + 100 *k* Hz."""
        rate = 16_000
        clock = np.arange(12 * rate) / rate
        at = np.floor(clock)
        tones = 0.5 * np.sin(2 * np.pi * (400 + 100 * at) * clock) * (abs(clock - at - 0.45) < 0.2)
        soundfile.write(tmp_path / "tones.wav", tones, rate)
        film = tmp_path / "film.mkv"
        picture = ("-f", "lavfi", "-i", "color=s=64x36:r=5:d=14")
        if kind == "late":
            run_ffmpeg(
                *picture, "-itsoffset", "2", "-i", tmp_path / "tones.wav", "-c:a", "flac", film
            )
        else:
            # Two seconds of packets are missing, as in a recording with a drop-out.
            run_ffmpeg(
                *picture, "-i", tmp_path / "tones.wav", "-c:a", "flac",
                "-bsf:a", "noise=drop=gte(pts*tb\\,4)*lt(pts*tb\\,6)", film,
            )  # fmt: skip
        labels = tmp_path / "labels.csv"
        labels.write_text("start,end,emotion\n8,9,sad\n")
        (clip,) = cut_clips(film, read_labels(labels, film), tmp_path / "clips")
        samples, rate = soundfile.read(clip)
        peak = np.argmax(np.abs(np.fft.rfft(samples))) * rate / samples.size
        assert peak == pytest.approx(1_000 if kind == "late" else 1_200, abs=5)

    def test_a_name_is_no_protocol(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        soundfile.write("secret.wav", 0.5 * np.sin(np.arange(40_000) * 2 * np.pi / 8), 16_000)
        film = Path("concat:secret.wav|secret.wav")
        soundfile.write("own.wav", 0.5 * np.sin(np.arange(40_000) * 2 * np.pi / 32), 16_000)
        Path("own.wav").rename(film)
        labels = tmp_path / "labels.csv"
        labels.write_text("start,end,emotion\n0,1,sad\n")
        (clip,) = cut_clips(film, read_labels(labels, film), tmp_path / "clips")
        samples, rate = soundfile.read(clip)
        assert np.argmax(np.abs(np.fft.rfft(samples))) * rate / samples.size == pytest.approx(
            500, abs=2
        )

    def test_an_address_is_no_film(self, tmp_path: Path) -> None:
        labels = tmp_path / "labels.csv"
        labels.write_text("start,end,emotion\n0,1,sad\n")
        film = Path("http://127.0.0.1:9/film.mp4")
        with pytest.raises(MediaError, match="no such file"):
            list(cut_clips(film, read_labels(labels, film), tmp_path / "clips"))
