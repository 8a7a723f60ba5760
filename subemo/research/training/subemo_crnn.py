"""The default model: trained on every corpus, measured on voices and films it has not heard."""

from __future__ import annotations

import csv
import io
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ...core.cache import Cache
from ...core.emotions import EMOTIONS
from ...core.errors import CorpusError
from ...core.files import write_atomically
from ...core.progress import OnStep, Step, ignore
from ...core.tables import cell
from ...features import WhisperFrames
from ...model import DEFAULT_MODEL
from ...model.batching import rows_of
from ...model.bundle import Bundle
from ..corpora import Clip, count_by_corpus, read_clips
from ..corpora.backgrounds import Backgrounds, read_backgrounds, without_people
from ..datasets.distortions import AsItIs, Behind, LikeAFilm, Version
from ..datasets.frames import build_frames
from ..datasets.silent_clips import all_voiceless_cues
from ..evaluation.figures import Figure
from .batches import Batches
from .card import default_card
from .crossval import TrainingData, cross_validate
from .crossval_figures import ProtocolAnswers, by_protocol, figures, temperature_for
from .frame_training import FrameRecipe, train_frames
from .litert_export import TOLERANCE, to_litert
from .protocols import PROTOCOLS, folds_of

NAME = DEFAULT_MODEL

OnClip = Callable[[int], None]

#: The corpora that it learns from: folders of one data folder.
CORPORA = ("ravdess", "savee", "tess", "emovo", "nemo")

#: Distorted versions of each clip: as a film may be, and before a loud background (an ablation; it
#: made things worse, see docs/model.md).
DISTORTED, LOUD = 4, 0

#: Levels of voices over backgrounds in tests, in decibels.
SNR_DB = (10, 5, 0)

#: The corpora that are tested without any of their clips in training.
UNHEARD = tuple(n for n, one in PROTOCOLS.items() if one.reported and one.folds is None)

#: How often a shown tag is to be right on voices of an unheard corpus.
PRECISION = 0.75


@dataclass(frozen=True, eq=False)
class Data:
    """The folders of one data folder, read.

    Attributes:
        clips: of all corpora
        heard: backgrounds for training
        held_out: backgrounds for tests
    """

    clips: tuple[Clip, ...]
    heard: Backgrounds
    held_out: Backgrounds


def read_data(root: Path) -> Data:
    """Every corpus and all backgrounds.

    Args:
        root: a folder with `CORPORA` and ``backgrounds`` in it

    Raises:
        CorpusError: if one of them is missing
    """
    missing = [name for name in (*CORPORA, "backgrounds") if not (root / name).is_dir()]
    if missing:
        raise CorpusError(
            f"without {', '.join(missing)}",
            path=root,
            remedy=f"The default model learns from {', '.join(CORPORA)} and backgrounds.",
        )
    clips = read_clips({name: root / name for name in CORPORA})
    heard, held_out = read_backgrounds(root / "backgrounds")
    return Data(tuple(clips), heard, held_out)


def build_material(
    data: Data,
    *,
    features: WhisperFrames,
    work: Path,
    loud: int = LOUD,
    on_step: OnStep = ignore,
) -> TrainingData:
    """The frames of everything, from the cache where it can.

    Args:
        data: see `read_data`
        features: the feature set
        work: folder of the cache
        loud: how many versions of each clip are before a loud background
        on_step: told of progress
    """
    cache = Cache(work / "features")
    tested = [clip for clip in data.clips if clip.corpus == "ravdess"]

    def tell(stage: str, every: int) -> OnClip:
        return lambda done: on_step(Step(stage, done, every))

    table = build_frames(
        data.clips,
        features=features,
        cache=cache,
        versions=_versions(data.heard, loud),
        on_clip=tell("features", len(data.clips)),
    )
    noisy = {
        f"{snr}dB": build_frames(
            tested,
            features=features,
            cache=cache,
            versions=[Behind(data.held_out, snr)],
            on_clip=tell(f"voices at {snr} dB", len(tested)),
        )
        for snr in SNR_DB
    }
    silent = all_voiceless_cues(without_people(data.heard.files), features, cache)
    name = repr((features, DISTORTED, loud, sorted(path.name for path in data.heard.files)))
    return TrainingData(table, silent, noisy, name)


def _versions(backgrounds: Backgrounds, loud: int) -> list[Version]:
    """How each clip is heard in training."""
    like_films = [LikeAFilm(backgrounds, number) for number in range(1, DISTORTED + 1)]
    numbers = range(DISTORTED + 1, DISTORTED + loud + 1)
    louder = [LikeAFilm(backgrounds, number, loud=True) for number in numbers]
    return [AsItIs(), *like_films, *louder]


def cross_validate_default(
    material: TrainingData,
    *,
    protocols: Sequence[str],
    recipe: FrameRecipe,
    work: Path,
    on_step: OnStep = ignore,
) -> dict[str, ProtocolAnswers]:
    """The answers of every fold of some protocols, trained where they are not done yet.

    Args:
        material: see `build_material`
        protocols: names in `PROTOCOLS`
        recipe: how to train
        work: folder of what is done
        on_step: told of progress
    """
    clips = material.table.clips
    folds = [fold for name in protocols for fold in folds_of(name, clips)]
    answers = cross_validate(material, folds, recipe=recipe, work=work / "folds", on_step=on_step)
    return by_protocol(answers, clips)


def train_default(
    data: Data,
    *,
    out: Path,
    work: Path,
    recipe: FrameRecipe | None = None,
    features: WhisperFrames | None = None,
    on_step: OnStep = ignore,
) -> list[Figure]:
    """Trains the default model on everything, writes its bundle and returns its figures.

    The figures are those of the protocols, whose folds are trained where they
    are not done yet; from them come the temperature and the threshold.

    Args:
        data: see `read_data`
        out: folder of the bundle
        work: folder for cached features and folds; a second call with the
            same folder goes on where the first one stopped
        recipe: how to train
        features: the feature set
        on_step: told of progress

    Raises:
        MissingExtraError: without the extra ``train``
        ExportError: if the exported model does not equal the trained one
    """
    recipe, features = recipe or FrameRecipe(), features or WhisperFrames()
    material = build_material(data, features=features, work=work, on_step=on_step)
    reported = [name for name, protocol in PROTOCOLS.items() if protocol.reported]
    answers = cross_validate_default(
        material, protocols=reported, recipe=recipe, work=work, on_step=on_step
    )
    temperature = temperature_for(None, answers, "film")
    threshold = threshold_of(answers, temperature)
    measured = figures(answers)

    def tell(epoch: int, loss: float) -> None:
        note = f"epoch {epoch}: training loss {loss:.3f}"
        on_step(Step("all clips", epoch, recipe.epochs * recipe.networks, note))

    everything = np.arange(len(material.table.clips))
    batches = Batches(
        material.table, everything, material.silent, sampling=recipe.sampling, seed=recipe.seed
    )
    model = train_frames(batches, recipe, on_epoch=tell)
    proof = [
        row
        for versions in material.table.frames[::20]
        for row, _ in rows_of(batches.training.standardise(versions[0]), recipe.network.steps)
    ]
    weights = to_litert(
        model,
        lambda **how: recipe.build(softmax=True, **how),
        np.stack(proof),
        logits=True,
    )
    bundle = Bundle(
        NAME,
        features,
        batches.training.mean,
        batches.training.scale,
        "film",
        weights,
        _provenance(data, material, recipe, measured),
        temperature,
        threshold,
    )
    bundle.write(out, card=default_card(bundle.description()))
    for one in answers.values():
        write_answers(out / "predictions" / f"{one.protocol}.csv", one)
    return measured


def threshold_of(
    answers: Mapping[str, ProtocolAnswers],
    temperature: float,
    *,
    unheard: Sequence[str] = UNHEARD,
) -> float:
    """The confidence from which on three of four answers to unheard corpora are right.

    Fitted as the temperature is, each corpus counting alike; a caption that is
    wrong more often than that is worse than none.

    Args:
        answers: by protocol
        temperature: of the model
        unheard: the protocols that it is fitted on
    """
    steps = np.arange(0.30, 0.951, 0.01)
    right = []
    for name in unheard:
        scored = answers[name].score("clean", "film", temperature)
        sure = scored.confidence[None] >= steps[:, None]
        hits = (sure & (scored.labels == scored.predicted)).sum(axis=1)
        right.append(hits / np.maximum(sure.sum(axis=1), 1))
    enough = np.flatnonzero(np.mean(right, axis=0) >= PRECISION)
    return round(float(steps[enough[0]]) if enough.size else float(steps[-1]), 2)


def write_answers(path: Path, answers: ProtocolAnswers) -> None:
    """Every answer of a protocol as CSV, so that anyone can compute the figures again."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["clip", "speaker", "emotion", "condition", "adaptation", *EMOTIONS])
    for name, logits in answers.logits.items():
        condition, _, adaptation = name.rpartition(".")
        for clip, row in zip(answers.clips, logits, strict=True):
            shown = [f"{value:.3f}" for value in row]
            writer.writerow(
                [
                    cell(clip.key),
                    cell(clip.speaker or ""),
                    clip.emotion.value,
                    condition,
                    adaptation,
                    *shown,
                ]
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, text.getvalue().encode(), overwrite=True)


def _provenance(
    data: Data, material: TrainingData, recipe: FrameRecipe, measured: Sequence[Figure]
) -> dict[str, object]:
    libraries = ("subemo", "numpy", "scipy", "soxr", "ctranslate2", "keras", "ai-edge-litert")
    return {
        "training": {
            "corpora": count_by_corpus(data.clips),
            "distorted_versions_of_each_clip": DISTORTED + LOUD,
            "backgrounds": {"heard": len(data.heard.files), "held_out": len(data.held_out.files)},
            "voiceless_cues": len(material.silent),
            "recipe": asdict(recipe),
        },
        "export": {"largest_difference_allowed": TOLERANCE},
        "figures": [asdict(figure) for figure in measured],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in libraries},
        },
    }
