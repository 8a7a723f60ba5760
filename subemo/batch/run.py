"""Annotates films in sequence or in parallel, on this machine or a cluster."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

from ..analysis.options import AnalysisOptions
from ..api import annotate
from ..core.cache import user_cache
from ..core.errors import MediaError, MissingExtraError, OutputError, SubemoError
from ..core.files import sweep
from ..core.processes import worker_options
from ..core.progress import OnStep, ignore
from ..core.settings import check_number
from ..core.times import Stopwatch
from ..formats.finished import Captions
from ..formats.naming import is_ours
from ..formats.registry import form_of
from ..formats.writing import check_captions_writable, contents, write_captions
from ..model.statistics import check_adaptation
from ..sources.lookup import SubtitleTrack, read
from ..tagging.annotation import AnnotatedFilm
from ..tagging.vocabulary import Wording
from ..transcription.whisper import Transcriber
from .jobs import Job, Settings
from .ledger import Entry, Ledger, Stamp, digest_of, place
from .outcome import Outcome, Status
from .status import BatchStatus
from .transcribers import transcriber_for

#: The most processes.
_MOST_WORKERS = 1_024


def run(
    jobs: Sequence[Job],
    ledger: Ledger,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    status: BatchStatus | None = None,
) -> Generator[Outcome]:
    """Annotates films, skipping finished ones; a failure does not stop the others.

    Args:
        jobs: the films
        ledger: the state of the batch
        workers: number of films in parallel on this machine
        scheduler: the address of a Dask scheduler whose workers, which must have
            access to the same files, process the films instead
        status: records the films in progress, readable during the run

    Yields:
        an outcome for each film, in the order of completion

    Raises:
        MissingExtraError: if a scheduler is given and Dask is not installed
        SettingsError: if the number of workers is invalid
    """
    check_number("workers", workers, low=1, high=_MOST_WORKERS)
    if scheduler is None and workers == 1:
        yield from (annotate_film(job, ledger, status, threads=None) for job in jobs)
        _sweep(jobs)
        return
    from joblib import Parallel, delayed

    # Workers are reused, and were started in another folder where that has changed since.
    here = Ledger(ledger.folder.absolute())
    status = None if status is None else BatchStatus(status.folder.absolute())
    with _backend(scheduler):
        parallel = Parallel(
            n_jobs=workers if scheduler is None else -1,
            return_as="generator_unordered",
            batch_size=1,
            pre_dispatch="2*n_jobs",
        )
        tasks = (
            delayed(_numbered)(number, job.absolute(), here, status)
            for number, job in enumerate(jobs)
        )
        with closing(parallel(tasks)) as done:
            yield from (_as_given(outcome, jobs[number]) for number, outcome in done)
    _sweep(jobs)


def _numbered(
    number: int, job: Job, ledger: Ledger, status: BatchStatus | None
) -> tuple[int, Outcome]:
    return number, annotate_film(job, ledger, status)


def _as_given(outcome: Outcome, job: Job) -> Outcome:
    """The outcome of a job with absolute paths, with the paths that were given."""
    output = None if outcome.output is None else job.folder / outcome.output.name
    return replace(outcome, video=job.video, output=output)


def _sweep(jobs: Sequence[Job]) -> None:
    """Removes what killed workers left beside the captions."""
    for folder in {job.folder for job in jobs}:
        with suppress(OSError):  # a name that cannot be; its film has failed
            sweep(folder)


def annotate_film(
    job: Job, ledger: Ledger, status: BatchStatus | None = None, *, threads: int | None = 1
) -> Outcome:
    """Annotates one film and returns any failure as an outcome.

    Args:
        job: the film
        ledger: the state of the batch
        status: records that it is in progress
        threads: see `subemo.annotate`; films in parallel have one core each

    Returns:
        the outcome
    """
    watch = Stopwatch()
    try:
        with nullcontext(ignore) if status is None else status.entry(job.video) as on_step:
            return _annotate_film(job, ledger, on_step, watch, threads)
    except SubemoError as error:
        reason = str(error)
    except OSError as error:
        reason = f"{error.filename or job.video}: {error.strerror or error}"
    except Exception as error:  # a bug in one film must not stop the others
        reason = f"internal error: {type(error).__name__}: {error}"
    return Outcome(job.video, Status.FAILED, reason, seconds=watch.seconds)


def _annotate_film(
    job: Job, ledger: Ledger, on_step: OnStep, watch: Stopwatch, threads: int | None
) -> Outcome:
    settings = job.settings
    if is_ours(job.video):
        raise MediaError(
            "this film is an output of subemo",
            path=job.video,
            remedy="Give the original film.",
        )
    path = _subtitles_of(job)
    entry = ledger.finished(job, path)
    if entry is not None:
        return _outcome(job, Status.SKIPPED, entry, watch.seconds)
    source = read(job.video, path, language=settings.language)
    form = settings.form or form_of(None if source is None else source.document)
    output = job.output(path, form)
    transcriber = transcriber_for(job, source)

    def may_replace(path: Path) -> bool:
        # The batch may replace its own earlier output.
        before = ledger.entry(job)
        return settings.overwrite or (before is not None and before.wrote(path))

    job.folder.mkdir(parents=True, exist_ok=True)
    inputs = [job.video, *([path] if path else [])]
    check_captions_writable(output, form, inputs=inputs, overwrite=may_replace(output))
    video = Stamp.of(job.video)
    subtitles = None if path is None else Stamp.of(path)
    annotation = annotate(
        job.video,
        source,
        model=settings.model,
        policy=settings.policy,
        options=_options(settings, transcriber, threads),
        wording=Wording(settings.language),
        on_step=on_step,
    )
    captions = annotation.proven(form)
    files = contents(captions, output)
    before = ledger.entry(job)
    entry = Entry(
        settings=digest_of(job),
        video=video,
        subtitles=subtitles,
        files={str(place(name)): hashlib.sha256(data).hexdigest() for name, data in files.items()},
        shown=_shown(captions.annotation, source, output),
        earlier={} if before is None else before.known,
    )
    may = _holds(output, captions.data) or may_replace(output)
    check_captions_writable(output, form, inputs=inputs, overwrite=may)
    ledger.write(job, entry)
    _write(captions, output, overwrite=may)
    return _outcome(job, Status.DONE, entry, watch.seconds)


def _options(
    settings: Settings, transcriber: Transcriber | None, threads: int | None
) -> AnalysisOptions:
    return AnalysisOptions(
        adaptation=check_adaptation(settings.adaptation),
        transcriber=transcriber,
        cache=user_cache(),
        threads=threads,
        witness=settings.witness,
        sound_cues=settings.sound_cues,
        sound_model=settings.sound_model,
    )


def _subtitles_of(job: Job) -> Path | None:
    """The subtitle file found when the job was made, or looked up again if it is gone."""
    if not job.is_paired or (job.subtitles is not None and not job.subtitles.is_file()):
        job = job.paired()
    return job.subtitles


def _write(captions: Captions, path: Path, *, overwrite: bool) -> None:
    files = contents(captions, path)
    if all(_holds(name, data) for name, data in files.items()):
        return
    try:
        write_captions(captions, path, overwrite=overwrite)
    except OutputError:
        # Another run of the same batch may have written the same file first.
        if not all(_holds(name, data) for name, data in files.items()):
            raise


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _shown(
    annotation: AnnotatedFilm, source: SubtitleTrack | None, output: Path
) -> dict[str, object]:
    return {
        "output": str(output),
        "subtitles": source.description if source else (annotation.transcriber or "none"),
        "cues": len(annotation.cues),
        "tagged": len(annotation.tagged),
        "duration_ms": annotation.duration_ms,
        "warnings": "; ".join(annotation.warnings[:5]),
    }


def _outcome(job: Job, status: Status, entry: Entry, seconds: float) -> Outcome:
    shown = entry.shown
    return Outcome(
        video=job.video,
        status=status,
        reason=str(shown.get("warnings", "")),
        output=job.folder / Path(str(shown["output"])).name,
        subtitles=str(shown.get("subtitles", "")),
        cues=int(shown.get("cues", 0)),
        tagged=int(shown.get("tagged", 0)),
        duration_ms=shown.get("duration_ms"),
        seconds=seconds,
    )


@contextmanager
def _backend(scheduler: str | None) -> Iterator[None]:
    from joblib import parallel_config

    if scheduler is None:
        with (
            parallel_config(backend="loky", inner_max_num_threads=1, **worker_options()),
            warnings.catch_warnings(),
        ):
            # Workers that use too much memory are replaced; this is no concern of the user.
            warnings.filterwarnings("ignore", "A worker stopped while some jobs", UserWarning)
            # Films stopped by a signal need no warning.
            warnings.filterwarnings("ignore", ".*tasks (have been|which were)", UserWarning)
            yield
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtraError.of("Dask", "cluster") from error
    try:
        client = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise SubemoError(
            f"no Dask scheduler responds at {scheduler}",
            remedy="Check the address and that it is running.",
        ) from error
    with client, parallel_config(backend="dask", wait_for_workers_timeout=60):
        yield
