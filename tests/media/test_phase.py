"""Channels out of phase are heard; others are mixed as ever."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from subemo import annotate, classify, media
from subemo.media import decoding
from subemo.media.audio import PhaseMixer, Samples, load

from ..conftest import run_ffmpeg, speechlike, tone, write_srt, write_wav

RATE = 16_000


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(
        tmp_path_factory.mktemp("voice") / "voice.wav", speechlike(12, sample_rate=48_000), 48_000
    )


def film(voice: Path, path: Path, filters: str) -> Path:
    """The voice (``c0``) and a tone (``c1``) through ffmpeg's filters."""
    music = write_wav(path.with_name("music.wav"), tone(12, hertz=700), 22_050)
    graph = f"[0:a]aresample=48000,aformat=channel_layouts=mono[v];[1:a]aresample=48000,aformat=channel_layouts=mono[m];[v][m]amerge=inputs=2,{filters}"
    run_ffmpeg("-i", voice, "-i", music, "-filter_complex", graph, path)
    return path


def decoded(path: Path, warnings: list[str] | None = None) -> Samples:
    said: list[str] = []
    sound = media.stream_audio(
        path, sample_rate=RATE, on_warning=(said if warnings is None else warnings).append
    )
    return np.concatenate(list(sound))


def plainly_mixed(path: Path) -> Samples:
    return np.concatenate(list(media.decode_audio(path, sample_rate=RATE)))


def likeness(one: Samples, other: Samples) -> float:
    size = min(one.size, other.size)
    return float(np.corrcoef(one[:size], other[:size])[0, 1])


OPPOSITE = {
    "stereo": "pan=stereo|c0=c0|c1=-1*c0",
    "stereo, one weaker": "pan=stereo|c0=c0|c1=-0.5*c0",
    "voice over music": "pan=stereo|c0=c0+0.1*c1|c1=-1*c0+0.1*c1",
    "fronts of 5.1": "pan=5.1|FL=c0|FR=-1*c0|FC=0.05*c1|BL=0.05*c1|BR=0.05*c1",
    "fronts of 5.1, empty centre": "pan=5.1(side)|FL=c0|FR=-1*c0",
    "quad": "pan=quad|FL=c0|FR=-1*c0|BL=0.05*c1|BR=0.05*c1",
}
TOGETHER = {
    "stereo": "pan=stereo|c0=c0|c1=c0",
    "one silent": "pan=stereo|c0=c0|c1=0*c0",
    "the other silent": "pan=stereo|c0=0*c0|c1=c0",
    "hard-panned": "pan=stereo|c0=c0|c1=c1",
    "wide music": "pan=stereo|c0=c0+0.3*c1|c1=c0-0.3*c1",
    "little crosstalk": "pan=stereo|c0=c0|c1=-0.1*c0",
    "5.1": "pan=5.1|FL=0.5*c1|FR=-0.4*c1|FC=c0",
    "mono": "pan=mono|c0=c0",
}


class TestStreamAudio:
    @pytest.mark.parametrize("kind", OPPOSITE)
    @pytest.mark.parametrize("suffix", [".wav", ".m4a"])
    def test_what_cancels_is_heard(
        self, voice: Path, tmp_path: Path, kind: str, suffix: str
    ) -> None:
        path = film(voice, tmp_path / f"film{suffix}", OPPOSITE[kind])
        warnings: list[str] = []
        sound = decoded(path, warnings)
        assert abs(likeness(sound, decoded(voice))) > 0.95
        assert abs(sound.size - 12 * RATE) < RATE // 10
        (warning,) = warnings
        assert (
            "out of phase and cancel each other for 12 s; the louder one is heard there" in warning
        )

    @pytest.mark.parametrize("kind", TOGETHER)
    def test_what_does_not_cancel_is_mixed_bit_for_bit(
        self, voice: Path, tmp_path: Path, kind: str
    ) -> None:
        path = film(voice, tmp_path / "film.wav", TOGETHER[kind])
        warnings: list[str] = []
        np.testing.assert_array_equal(decoded(path, warnings), plainly_mixed(path))
        assert not warnings

    def test_only_a_stretch(self, voice: Path, tmp_path: Path) -> None:
        path = film(
            voice,
            tmp_path / "film.wav",
            r"pan=stereo|c0=c0|c1=c0,aeval=val(0)|val(1)*if(between(t\,4\,8)\,-1\,1)",
        )
        warnings: list[str] = []
        sound, mix = decoded(path, warnings), plainly_mixed(path)
        assert likeness(sound, decoded(voice)) > 0.99
        np.testing.assert_array_equal(sound[: 3 * RATE], mix[: 3 * RATE])
        np.testing.assert_array_equal(sound[9 * RATE :], mix[9 * RATE :])
        assert np.abs(mix[5 * RATE : 7 * RATE]).max() < 1e-3
        assert "for 4 s" in warnings[0]

    def test_late_and_with_a_hole(self, voice: Path, tmp_path: Path) -> None:
        """The louder channel is placed by its time stamps, too."""

        def placed(name: str, filters: str) -> Samples:
            wav = film(voice, tmp_path / f"{name}.wav", filters)
            path = tmp_path / f"{name}.mkv"
            run_ffmpeg(
                "-f", "lavfi", "-i", "color=s=64x36:r=5:d=14", "-itsoffset", "2", "-i", wav, "-c:a", "flac",
                "-bsf:a", r"noise=drop=gte(pts*tb\,6)*lt(pts*tb\,8)", path,
            )  # fmt: skip
            return decoded(path)

        sound = placed("opposite", OPPOSITE["stereo"])
        np.testing.assert_allclose(sound, placed("together", TOGETHER["stereo"]), atol=1e-3)
        assert not sound[: 2 * RATE].any()
        assert np.abs(sound[round(6.2 * RATE) : round(7.8 * RATE)]).max() < 0.01

    def test_a_false_alarm_changes_nothing(
        self, voice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = film(voice, tmp_path / "film.wav", TOGETHER["wide music"])
        mix = plainly_mixed(path)
        part = decoding._Part(path, RATE, None, 0, None)
        said: list[str] = []
        apart = np.concatenate(list(part.sound(said.append, decoding._Channels.APART)))
        np.testing.assert_array_equal(apart, mix)
        assert not said

    def test_same_each_time(self, voice: Path, tmp_path: Path) -> None:
        path = film(
            voice,
            tmp_path / "film.wav",
            r"pan=stereo|c0=c0|c1=c0,aeval=val(0)|val(1)*if(gte(t\,5)\,-1\,1)",
        )
        np.testing.assert_array_equal(decoded(path), decoded(path))


def test_load_hears_it_too(voice: Path, tmp_path: Path) -> None:
    path = film(voice, tmp_path / "film.wav", OPPOSITE["stereo"])
    np.testing.assert_allclose(
        load(path, sample_rate=48_000), load(voice, sample_rate=48_000), atol=1e-4
    )
    both = film(voice, tmp_path / "both.wav", TOGETHER["wide music"])
    import soundfile

    samples, _ = soundfile.read(both, dtype="float32")
    np.testing.assert_array_equal(
        load(both, sample_rate=48_000), samples.mean(axis=1, dtype=np.float32)
    )


def test_commands_say_so(voice: Path, tmp_path: Path) -> None:
    path = film(voice, tmp_path / "film.wav", OPPOSITE["stereo"])
    subtitles = write_srt(tmp_path / "film.srt", [(2_000, 5_000, "Hello, who are you?")])
    found, alone = annotate(path, subtitles), annotate(voice, subtitles)
    assert found.cues[0].prediction is not None and alone.cues[0].prediction is not None
    np.testing.assert_allclose(
        found.cues[0].prediction.probabilities, alone.cues[0].prediction.probabilities, atol=0.02
    )
    assert any("out of phase" in warning for warning in found.warnings)
    warnings: list[str] = []
    assert classify(path, on_warning=warnings.append) is not None
    assert any("out of phase" in warning for warning in warnings)


class TestPhaseMixer:
    def test_any_pieces_give_the_same(self) -> None:
        left = speechlike(4, sample_rate=RATE)
        right = np.where(np.arange(left.size) // RATE % 2, -left, left)
        frames = np.column_stack((left, right, (left + right) / 2)).astype(np.float32)
        whole = np.concatenate(list(PhaseMixer(RATE).mixed(frames, is_last=True)))
        mixer = PhaseMixer(RATE)
        parts = [
            piece
            for at in range(0, len(frames) + 1_000, 777)
            for piece in mixer.mixed(frames[at : at + 777], is_last=at + 777 >= len(frames))
        ]
        np.testing.assert_array_equal(np.concatenate(parts), whole)
        assert mixer.replaced == 2 * RATE

    def test_changes_are_smooth(self) -> None:
        sound = tone(2, sample_rate=RATE, hertz=100)
        right = np.where(np.arange(sound.size) >= RATE, -0.9 * sound, sound)
        frames = np.column_stack((sound, right, (sound + right) / 2)).astype(np.float32)
        mixed = np.concatenate(list(PhaseMixer(RATE).mixed(frames, is_last=True)))
        assert np.abs(np.diff(mixed)).max() < 2 * np.abs(np.diff(sound)).max()
