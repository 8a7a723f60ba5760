"""A user's own YAMNet: what is refused, what it detects, and whose answers are cached."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from subemo.analysis.options import AnalysisOptions
from subemo.analysis.sound_cues import scene_events
from subemo.cli import main
from subemo.core.errors import BundleError, SettingsError
from subemo.core.sounds import SCENE_WORDS, SceneSound
from subemo.media.audio import Samples, load
from subemo.model.bundle import find_bundle
from subemo.sounds.scene import (
    CLASSES,
    HOP,
    SAMPLE_RATE,
    TABLE,
    WINDOW,
    SceneTagger,
    Scores,
    read_tagger,
)

from ..conftest import write_srt

ALL = ["--sounds", "all", "--sound-cues", "--min-confidence", "1"]


@pytest.fixture(scope="session")
def yamnet(peers: Path) -> Path:
    return peers / "yamnet.tflite"


class TestFile:
    @pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"\x89HDF\r\n\x1a\n" + bytes(99)])
    def test_what_is_no_network_is_refused(self, tmp_path: Path, content: bytes) -> None:
        """Neither pickles nor HDF5: nothing but LiteRT is read."""
        path = tmp_path / "model.tflite"
        path.write_bytes(content)
        with pytest.raises(BundleError, match="not a LiteRT network") as caught:
            read_tagger(path)
        assert str(path) in str(caught.value)

    def test_a_network_of_another_kind_is_refused(self) -> None:
        with pytest.raises(BundleError, match="YAMNet takes 15,600"):
            read_tagger(find_bundle("report-crnn") / "model.tflite")

    def test_what_is_missing_or_too_large(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(BundleError, match="cannot be read"):
            read_tagger(tmp_path / "no.tflite")
        with pytest.raises(BundleError, match="cannot be read"):
            read_tagger(tmp_path)
        monkeypatch.setattr("subemo.sounds.scene._LARGEST", 1 << 20)
        (tmp_path / "big.tflite").write_bytes(bytes((1 << 20) + 1))
        with pytest.raises(BundleError, match="larger than 1 MB"):
            read_tagger(tmp_path / "big.tflite")

    def test_wrong_bytes_are_read_or_refused(self, yamnet: Path, tmp_path: Path) -> None:
        """A stranger's file, in a process of its own: no crash."""
        program = (
            "import random, sys\n"
            "from pathlib import Path\n"
            "import numpy as np\n"
            "from subemo.core.errors import BundleError\n"
            "from subemo.sounds.scene import SceneTagger\n"
            "weights = Path(sys.argv[1]).read_bytes()\n"
            "for seed in range(12):\n"
            "    chance, data = random.Random(seed), bytearray(weights)\n"
            "    for _ in range(chance.choice([1, 3, 10])):\n"
            "        data[chance.randrange(len(data))] = chance.randrange(256)\n"
            "    if seed % 4 == 0:\n"
            "        del data[chance.randrange(len(data)):]\n"
            "    try:\n"
            "        SceneTagger(bytes(data), Path('x')).scores(np.zeros(100, np.float32))\n"
            "    except BundleError as error:\n"
            "        assert len(str(error).splitlines()) == 1, str(error)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(yamnet)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


class TestScores:
    def test_the_table_names_the_classes_of_the_class_map(self, peers: Path) -> None:
        with (peers / "yamnet_class_map.csv").open(newline="") as file:
            names = {int(row["index"]): row["display_name"] for row in csv.DictReader(file)}
        assert len(names) == CLASSES
        named = {at: name for classes in TABLE.values() for at, name in classes.items()}
        assert named == {at: names[at] for at in named}
        assert set(TABLE) == set(SCENE_WORDS)

    @pytest.mark.parametrize("size", [0, 1, WINDOW, WINDOW + 1, WINDOW + HOP, WINDOW + HOP + 1])
    def test_windows_reach_to_the_end(self, yamnet: Path, size: int) -> None:
        scores = read_tagger(yamnet).scores(np.zeros(size, np.float32))
        count = len(scores)
        assert (count - 1) * HOP + WINDOW >= size > (count - 2) * HOP + WINDOW or count == 1
        assert scores.shape[1] == len(SCENE_WORDS)
        assert (scores < 0.5).all()

    def test_dogs_bark(self, yamnet: Path, corpora: Path) -> None:
        tagger = read_tagger(yamnet)
        dogs = sorted((corpora / "backgrounds" / "noise").glob("*Dog*/*.ogg"))[:8]
        best = [
            SCENE_WORDS[
                int(tagger.scores(load(path, sample_rate=SAMPLE_RATE)).max(axis=0).argmax())
            ]
            for path in dogs
        ]
        assert len(dogs) == 8
        assert best.count(SceneSound.BARK) >= 6

    def test_neighbouring_windows_are_one_sound(self) -> None:
        rows = np.zeros((4, 2 + len(SCENE_WORDS)))
        rows[:, 0], rows[:, 1] = [0, 480, 5_000, 5_480], [975, 1_455, 5_975, 6_455]
        rows[[0, 1, 3], 2 + SCENE_WORDS.index(SceneSound.DOOR)] = [0.6, 0.8, 0.7]
        rows[2, 2 + SCENE_WORDS.index(SceneSound.SIREN)] = 0.49
        found = [
            (one.start_ms, one.end_ms, one.sound, one.probability) for one in scene_events(rows)
        ]
        assert found == [(0, 1_455, SceneSound.DOOR, 0.8), (5_480, 6_455, SceneSound.DOOR, 0.7)]


@pytest.fixture(scope="module")
def film(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cues of speech, and a dog between them."""
    folder = tmp_path_factory.mktemp("scene")
    speech = sorted((corpora / "casia").glob("*-neutral-*"))[:2]
    dog = sorted((corpora / "backgrounds" / "noise").glob("*Dog*/*.ogg"))[0]
    track = np.zeros(20 * SAMPLE_RATE, np.float32)
    for second, path in ((1, speech[0]), (6, dog), (13, speech[1])):
        samples = load(path, sample_rate=SAMPLE_RATE)[: 4 * SAMPLE_RATE]
        track[second * SAMPLE_RATE : second * SAMPLE_RATE + samples.size] = samples
    soundfile.write(folder / "film.wav", track, SAMPLE_RATE)
    write_srt(folder / "film.srt", [(1_000, 4_000, "One."), (13_000, 16_000, "Two.")])
    return folder


def annotated(film: Path, out: Path, *options: str) -> int:
    inputs = [str(film / "film.wav"), str(film / "film.srt")]
    return main(["annotate", *inputs, "-o", str(out), "--overwrite", *options])


def test_a_dog_between_cues_is_shown_and_taken_out_again(
    film: Path, yamnet: Path, tmp_path: Path
) -> None:
    out, bare = tmp_path / "film.emo.srt", tmp_path / "bare.srt"
    assert annotated(film, out, *ALL) == 0
    assert "dog barks" not in out.read_text()
    # The cache has the other sounds of this film already.
    assert annotated(film, out, *ALL, "--sound-model", str(yamnet)) == 0
    assert out.read_text().count("[dog barks]") == 1
    digest = read_tagger(yamnet).digest
    assert digest in (tmp_path / "film.emo.srt.tags.json").read_text()
    assert main(["strip", str(out), "-o", str(bare)]) == 0
    assert bare.read_bytes() == (film / "film.srt").read_bytes()
    data = tmp_path / "film.json"
    assert annotated(film, data, *ALL, "--sound-model", str(yamnet)) == 0
    content = json.loads(data.read_text())
    assert content["sound_model"] == digest
    assert "bark" in [one["tag"] for one in content["sound_cues"]]


def test_cached_answers_are_those_of_the_same_model(
    film: Path, yamnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, other = tmp_path / "film.emo.srt", tmp_path / "other.tflite"
    asked: list[str] = []
    original = SceneTagger.scores

    def scores(tagger: SceneTagger, samples: Samples) -> Scores:
        asked.append(tagger.digest)
        return original(tagger, samples)

    monkeypatch.setattr(SceneTagger, "scores", scores)
    assert annotated(film, out, *ALL, "--sound-model", str(yamnet)) == 0
    assert len(set(asked)) == 1
    asked.clear()
    assert annotated(film, out, *ALL, "--sound-model", str(yamnet)) == 0
    assert asked == []
    # The same network in a file with another hash.
    other.write_bytes(yamnet.read_bytes() + b"\0")
    assert annotated(film, out, *ALL, "--sound-model", str(other)) == 0
    assert set(asked) == {read_tagger(other).digest}


def test_it_needs_cues_of_sounds(film: Path, tmp_path: Path, yamnet: Path) -> None:
    out, model = tmp_path / "film.emo.srt", ["--sound-model", str(yamnet)]
    assert annotated(film, out, "--sounds", "all", *model) == 2
    assert annotated(film, out, "--sounds", "voice", "--sound-cues", *model) == 2
    assert annotated(film, out, *ALL, "--sound-model", str(tmp_path / "no.tflite")) == 1
    assert not out.exists()
    with pytest.raises(SettingsError, match="sound_model is for sounds between cues"):
        AnalysisOptions(sound_model=yamnet)
