"""The voice decides with the words, and is never overruled by them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import subemo
from subemo.analysis.joint import (
    DecidingModels,
    chosen_text_model,
    joint_predictions,
    learned_predictions,
    looks_english,
)
from subemo.analysis.options import WitnessChoice
from subemo.analysis.predictions import CuePrediction
from subemo.cli import main
from subemo.core.emotions import EMOTIONS, Emotion, Prediction
from subemo.core.errors import SettingsError
from subemo.core.sounds import EFFORTS, SOUNDS, Sound, VocalProbabilities
from subemo.model.decision import Witnesses
from subemo.sounds.weights import SoundDetector
from subemo.subtitles.document import Cue
from subemo.tagging.decisions import Reason, refusal_of
from subemo.tagging.policy import PolicyKind, TagPolicy
from subemo.text_model import find_text_model
from tests.conftest import write_wav
from tests.sounds.test_detection import weights as detector_weights

FURIOUS = "I hate you! Get out of my house, you lying bastard!"


def voice(**shares: float) -> Prediction:
    rest = (1 - sum(shares.values())) / (len(EMOTIONS) - len(shares))
    return Prediction(tuple(shares.get(emotion.value, rest) for emotion in EMOTIONS))


def cue(index: int, text: str) -> Cue:
    return Cue(index, 5000 * index, 5000 * index + 2000, text)


@pytest.fixture(scope="module")
def bundle() -> subemo.model.bundle.Bundle:
    return subemo.load_model("subemo-crnn").bundle


def test_words_that_agree_make_a_voice_surer(bundle: subemo.model.bundle.Bundle) -> None:
    heard = [CuePrediction(voice(angry=0.6), 2000)]
    alone, _ = joint_predictions([cue(0, FURIOUS)], heard, DecidingModels(bundle), "srt")
    both, _ = joint_predictions(
        [cue(0, FURIOUS)], heard, DecidingModels(bundle, find_text_model("en")), "srt"
    )
    angry = EMOTIONS.index(Emotion.ANGRY)
    assert alone[0].text_prediction is None
    assert both[0].voice_prediction == heard[0].prediction
    assert both[0].text_prediction is not None
    assert alone[0].prediction is not None
    assert both[0].prediction is not None
    assert both[0].prediction.probabilities[angry] > alone[0].prediction.probabilities[angry]


def heard_sound(sound: Sound, emotion: float = 0.9) -> VocalProbabilities:
    return VocalProbabilities(
        tuple(emotion if one is sound else 0.0 for one in SOUNDS), (0.0,) * len(EFFORTS)
    )


def detector() -> SoundDetector:
    """One for which laughs are likelier in happy cues, and sobs in sad ones."""
    return replace(
        detector_weights(),
        moods={
            sound: {emotion: 0.04 if emotion is of else 0.01 for emotion in EMOTIONS}
            for sound, of in ((Sound.LAUGH, Emotion.HAPPY), (Sound.SOB, Emotion.SAD))
        },
    )


def happiness(bundle: subemo.model.bundle.Bundle, vocal: VocalProbabilities | None) -> float:
    heard = [CuePrediction(voice(happy=0.5), 2000, vocal=vocal)]
    found, _ = joint_predictions(
        [cue(0, "So.")], heard, DecidingModels(bundle, None, detector()), "srt"
    )
    assert found[0].prediction is not None
    return found[0].prediction.probabilities[EMOTIONS.index(Emotion.HAPPY)]


def test_a_laugh_makes_a_happy_voice_surer_and_a_sob_less_sure(
    bundle: subemo.model.bundle.Bundle,
) -> None:
    alone = happiness(bundle, None)
    assert happiness(bundle, heard_sound(Sound.SOB)) < alone
    assert happiness(bundle, heard_sound(Sound.LAUGH)) > alone
    # A cough tells nothing, and neither does what is less likely than its threshold.
    assert happiness(bundle, heard_sound(Sound.COUGH)) == pytest.approx(alone)
    assert happiness(bundle, heard_sound(Sound.LAUGH, 0.4)) == pytest.approx(alone)


def test_judging_a_film_keeps_what_its_sounds_say(bundle: subemo.model.bundle.Bundle) -> None:
    cues = [cue(0, "So."), cue(1, "No.")]
    heard = [
        CuePrediction(voice(happy=0.5), 2000, vocal=heard_sound(Sound.LAUGH)),
        CuePrediction(voice(sad=0.9), 2000),
    ]
    found, _ = joint_predictions(cues, heard, DecidingModels(bundle, None, detector()), "srt")
    known = {1: Emotion.SAD}
    kept = learned_predictions(cues, found, DecidingModels(bundle, None, detector()), known)
    lost = learned_predictions(cues, found, DecidingModels(bundle), known)
    happy = EMOTIONS.index(Emotion.HAPPY)
    assert kept[0].prediction is not None
    assert lost[0].prediction is not None
    assert kept[0].prediction.probabilities[happy] > lost[0].prediction.probabilities[happy]


def test_a_sound_never_overrules_the_voice_into_a_tag(bundle: subemo.model.bundle.Bundle) -> None:
    """Each share of happiness in a voice: where it gives less than one in eight, nothing is shown."""
    policy = TagPolicy(min_confidence=0.3)
    shown = []
    for share in np.linspace(0.01, 0.6, 60):
        heard = [CuePrediction(voice(happy=share), 2000, vocal=heard_sound(Sound.LAUGH))]
        (found,), _ = joint_predictions(
            [cue(0, "So.")], heard, DecidingModels(bundle, None, detector()), "srt"
        )
        assert found.prediction is not None
        refusal = refusal_of(found.prediction, policy, voice=found.voice_prediction)
        if refusal is None and found.prediction.emotion is Emotion.HAPPY:
            shown.append(share)
    assert shown
    assert min(shown) >= 1 / 8


def test_cues_in_any_order_have_their_own_answers(bundle: subemo.model.bundle.Bundle) -> None:
    cues = [cue(2, "Yes."), cue(0, FURIOUS), cue(1, "So.")]
    heard = [
        CuePrediction(voice(happy=0.9), 1),
        CuePrediction(voice(angry=0.9), 2),
        CuePrediction(voice(sad=0.9), 3),
    ]
    found, _ = joint_predictions(cues, heard, DecidingModels(bundle, find_text_model("en")), "srt")
    assert [one.audio_ms for one in found] == [1, 2, 3]
    assert [one.voice_prediction for one in found] == [one.prediction for one in heard]
    in_order, _ = joint_predictions(
        [cues[1], cues[2], cues[0]],
        [heard[1], heard[2], heard[0]],
        DecidingModels(bundle, find_text_model("en")),
        "srt",
    )
    assert in_order == [found[1], found[2], found[0]]


def test_a_model_without_a_decision_is_left_alone(bundle: subemo.model.bundle.Bundle) -> None:
    plain = replace(bundle, decision={})
    heard = [CuePrediction(voice(angry=0.6), 2000)]
    found, threshold = joint_predictions([cue(0, FURIOUS)], heard, DecidingModels(plain), "srt")
    assert (found, threshold) == (heard, bundle.threshold)
    assert chosen_text_model(WitnessChoice.BOTH, plain, [cue(0, FURIOUS * 3)], None) is None


def test_the_voice_is_not_overruled() -> None:
    """An emotion that the voice by itself finds less likely than one in eight gets no tag."""
    joint = voice(angry=0.95)
    policy = TagPolicy(min_confidence=0.5)
    assert refusal_of(joint, policy, voice=voice(angry=0.13)) is None
    refused = refusal_of(joint, policy, voice=voice(angry=0.12))
    assert refused is not None
    assert refused.reason is Reason.WORDS_ALONE


@pytest.mark.parametrize("policy", ["sparse", "strong"])
def test_a_silent_film_has_no_tag(tmp_path: Path, policy: str) -> None:
    """Words alone make none, however furious."""
    film = write_wav(tmp_path / "film.wav", np.zeros(22_050 * 30, dtype=np.float32))
    subs = tmp_path / "film.srt"
    blocks = (
        f"{n + 1}\n00:00:{n * 4:02},000 --> 00:00:{n * 4 + 3:02},000\n{FURIOUS}\n" for n in range(6)
    )
    subs.write_text("\n".join(blocks))
    found = subemo.annotate(
        film, subs, policy=TagPolicy(policy=PolicyKind(policy), min_confidence=0.1)
    )
    assert found.witness == "words-en"
    assert not found.tagged
    assert all(one.prediction is None for one in found.cues)


def test_which_words_are_judged(bundle: subemo.model.bundle.Bundle) -> None:
    english = [cue(n, "What do you know about him? I don't like it.") for n in range(3)]
    polish = [cue(n, "Nie wiem, co to jest. Chodź tutaj, proszę.") for n in range(3)]
    both = WitnessChoice.BOTH
    assert chosen_text_model(both, bundle, english, None) is not None
    assert chosen_text_model(both, bundle, polish, None) is None
    assert chosen_text_model(both, bundle, english, "pl") is None
    assert chosen_text_model(both, bundle, polish, "en") is not None
    assert chosen_text_model(WitnessChoice.VOICE, bundle, english, None) is None


@pytest.mark.parametrize(
    "text",
    ["Je ne sais pas ce que c'est, mais on y va.", "Was willst du denn von mir, Mann?",
     "No sé qué es eso, pero me gusta mucho.", "Non lo so, ma che cosa vuoi da me?",
     "Ik weet niet wat je van me wilt.", "Jag vet inte vad du vill.", "Yes.", "", "…"],
)  # fmt: skip
def test_what_is_not_english(text: str) -> None:
    assert not looks_english([text])


def test_voice_alone_by_option(trailer: tuple[Path, Path], tmp_path: Path) -> None:
    video, subs = trailer
    out = tmp_path / "a.json"
    arguments = ["annotate", str(video), str(subs), "-o", str(out), "--format", "json"]
    assert main([*arguments, "--witness", "voice"]) == 0
    data = json.loads(out.read_text())
    assert data["words_model"] is None
    assert all(one["words"] is None and one["voice"] is not None for one in data["cues"])
    assert main([*arguments, "--overwrite"]) == 0
    data = json.loads(out.read_text())
    assert data["words_model"] == "words-en"
    assert all(one["words"] is not None for one in data["cues"])
    for one in data["cues"]:
        assert sum(one["words"].values()) == pytest.approx(1, abs=1e-4)


def test_a_choice_that_there_is_not() -> None:
    with pytest.raises(SettingsError, match="witness cannot be"):
        subemo.AnalysisOptions(witness="words")  # type: ignore[arg-type]


def test_the_shipped_model_weighs_both(bundle: subemo.model.bundle.Bundle) -> None:
    assert bundle.decision.keys() == set(Witnesses)
