"""JSON with all data of each cue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..core.sounds import VocalProbabilities
from ..core.version import __version__
from ..tagging.colours import Palette
from .base import CaptionWriter, PlainCue

if TYPE_CHECKING:
    from ..tagging.annotation import AnnotatedCue, AnnotatedFilm


class Json(CaptionWriter):
    """One object; times are integer milliseconds."""

    name = "json"
    suffixes = (".json",)
    is_data = True

    def write(self, annotation: AnnotatedFilm, *, colours: Palette | None = None) -> bytes:
        """See `subemo.formats.base.CaptionWriter.write`."""
        content = {
            "subemo": __version__,
            "video": str(annotation.video),
            "subtitles": None if annotation.subtitles is None else str(annotation.subtitles),
            "model": annotation.model,
            "words_model": annotation.witness,
            "adaptation": annotation.adaptation,
            "adapted_on_cues": annotation.adapted_on,
            "channels": annotation.channels,
            **(
                {"audio_stream": annotation.audio_stream, "audio_track": annotation.audio_track}
                if annotation.audio_track
                else {}
            ),
            "policy": asdict(annotation.policy),
            "language": annotation.language,
            "transcribed_by": annotation.transcriber,
            "spoken_language": annotation.spoken_language,
            **({"review": annotation.review} if annotation.review else {}),
            **({"sound_model": annotation.sound_model} if annotation.sound_model else {}),
            "time_unit": "milliseconds",
            "warnings": list(annotation.warnings),
            "cues": [_cue(cue) for cue in annotation.cues],
            **({"sound_cues": sounds} if (sounds := _sounds(annotation)) else {}),
        }
        # Undecodable bytes of the subtitles are lone surrogates, which JSON can
        # represent only as escapes.
        return (json.dumps(content, indent=2, ensure_ascii=True) + "\n").encode()

    def cues_in(self, data: bytes) -> Iterator[PlainCue]:
        """See `subemo.formats.base.CaptionWriter.cues_in`."""
        for cue in json.loads(data)["cues"]:
            yield cue["start"], cue["end"], cue["text"]


def _cue(cue: AnnotatedCue) -> dict[str, Any]:
    prediction = cue.prediction
    decision = cue.decision
    return {
        "index": cue.index,
        "start": cue.start_ms,
        "end": cue.end_ms,
        "shown_end": cue.shown_end_ms,
        "text": cue.text,
        "emotion": prediction and prediction.emotion,
        "confidence": prediction and round(prediction.confidence, 6),
        "probabilities": prediction and prediction.by_emotion(),
        "voice": cue.voice_prediction and cue.voice_prediction.by_emotion(),
        "words": cue.text_prediction and cue.text_prediction.by_emotion(),
        "vocal": cue.vocal and _rounded(cue.vocal),
        "contradicted": cue.is_contradicted,
        "tag": decision.tag,
        "shown": decision.text or None,
        "placed": ("above" if decision.is_above else "inline") if decision.tag else None,
        "reason": decision.reason.value,
        "detail": decision.detail,
        "remedy": decision.remedy.value or None,
    }


def _sounds(annotation: AnnotatedFilm) -> list[dict[str, Any]]:
    """The cues of subemo's own."""
    return [
        {
            "start": cue.start_ms,
            "end": cue.end_ms,
            "tag": cue.sound,
            "shown": cue.text,
            "confidence": round(cue.probability, 6),
        }
        for cue in annotation.sound_cues
    ]


def _rounded(vocal: VocalProbabilities) -> dict[str, float]:
    return {name: round(probability, 6) for name, probability in vocal.by_name().items()}


FORMAT = Json()
