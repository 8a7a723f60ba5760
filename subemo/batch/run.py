"""Annotates films in sequence or in parallel, on this machine or a cluster."""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue

from ..analysis.options import AnalysisOptions
from ..api import annotate
from ..captions.naming import is_ours
from ..captions.writing import Captions, check_captions_writable, contents, write_captions
from ..core.cache import user_cache
from ..core.errors import MediaError, MissingExtraError, OutputError, SubemoError, SubtitleError
from ..core.files import sweep
from ..core.native import loaded_once
from ..core.progress import OnStep, ignore
from ..core.python_child import ChildEndedError, ChildError, PythonChild
from ..core.settings import BATCH_STATE, check_number
from ..core.times import Stopwatch
from ..formats.registry import form_of
from ..model.statistics import check_adaptation
from ..sources.lookup import SubtitleTrack, read
from ..tagging.annotation import AnnotatedFilm
from ..tagging.vocabulary import Wording
from ..transcription.whisper import Transcriber
from .jobs import BatchSettings, Job, find_films, make_jobs
from .ledger import Entry, Ledger, Stamp, digest_of, place
from .outcome import BatchStatus, FilmStatus, Outcome, Running

#: The most processes.
_MOST_WORKERS = 1_024
#: Variables that limit the threads of native libraries in workers that share the cores.
_NUMBERS_OF_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
#: What a worker runs.
_WORKER = f"{__name__}:in_worker"
#: How often it is asked whether a run is cancelled, in seconds.
_ASKED_S = 0.2
#: How often workers are killed until their threads have ended, in seconds.
_STOPPING_S = 0.05
#: What is likely where a worker ended, by how it did.
_WHY = {"SIGKILL": ", perhaps for want of memory"}


def run(
    jobs: Sequence[Job],
    ledger: Ledger,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    status: BatchStatus | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Generator[Outcome]:
    """Annotates films, skipping finished ones; a failure does not stop the others.

    Closed, or cancelled, it ends its workers: films that are not done leave nothing behind.

    Args:
        jobs: the films
        ledger: the state of the batch
        workers: number of films in parallel on this machine, each in a process of its own: if that
            ends (killed for want of memory, say), its film has failed, and the others go on
        scheduler: the address of a Dask scheduler whose workers, which must have
            access to the same files, process the films instead
        status: records the films in progress, readable during the run
        cancel: asked several times a second on this machine; once it is true, the run ends

    Yields:
        an outcome for each film, in the order of completion

    Raises:
        MissingExtraError: if a scheduler is given and Dask is not installed
        SettingsError: if the number of workers is invalid
    """
    check_number("workers", workers, low=1, high=_MOST_WORKERS)
    # Workers have a working directory of their own.
    here = Ledger(ledger.folder.absolute())
    shown = None if status is None else BatchStatus(status.folder.absolute())
    if scheduler is not None:
        found = _on_cluster(jobs, here, shown, scheduler)
    elif len(jobs) > 1 or cancel is not None:
        workers = min(workers, max(1, len(jobs)))
        found = _in_workers(jobs, here, shown, workers, cancel)
    else:
        found = ((job, annotate_film(job, ledger, status, threads=None)) for job in jobs)
    try:
        with closing(found):
            yield from (_as_given(outcome, job) for job, outcome in found)
    finally:
        _sweep([*(job.folder for job in jobs), *(() if status is None else (status.folder,))])


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch is.

    Attributes:
        done: the number of films that are done, skipped or failed
        total: the number of films
        running: the films in progress, each with its last step
    """

    done: int
    total: int
    running: tuple[Running, ...]


def annotate_films(
    sources: Iterable[str | Path],
    *,
    recursive: bool = False,
    output: str | Path | None = None,
    settings: BatchSettings | None = None,
    workers: int = 1,
    state: str | Path | None = None,
    on_progress: Callable[[BatchProgress], None] = ignore,
    cancel: Callable[[], bool] = lambda: False,
) -> Generator[Outcome]:
    """Annotates many films, each in a process of its own; see `BatchSettings`.

    A run that was cancelled or killed is resumed by the next with the same *state*.

    Args:
        sources: films, folders of films, and lists of films (``.txt``)
        recursive: whether subfolders are searched
        output: the folder of the captions; None for beside each film
        settings: how every film is annotated
        workers: number of films in parallel
        state: the folder of the batch's state; None for ``.subemo-batch`` in the output or
            working folder
        on_progress: called several times a second, in the thread that iterates
        cancel: asked as often; once it is true, the workers are ended and the run ends

    Yields:
        an outcome for each film, in the order of completion; to stop early, close the generator

    Raises:
        SubemoError: if a source does not exist, or two films would write the same file

    Example:
        >>> import subemo, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     films = subemo.annotate_films(["samples/trailer.mp4"], output=folder)
        ...     [(one.video.name, one.status.value, one.output.name) for one in films]
        [('trailer.mp4', 'done', 'trailer.emo.srt')]
    """
    folder = None if output is None else Path(output)
    films = find_films(map(Path, sources), recursive=recursive)
    jobs = make_jobs(films, settings or BatchSettings(), output=folder)
    ledger = Ledger(Path(state) if state is not None else (folder or Path()) / BATCH_STATE)
    status = BatchStatus(ledger.folder / "running")
    status.clear()
    done = 0

    def is_over() -> bool:
        on_progress(BatchProgress(done, len(jobs), tuple(status.running())))
        return cancel()

    outcomes = run(jobs, ledger, workers=workers, status=status, cancel=is_over)
    try:
        with closing(outcomes):
            for outcome in outcomes:
                done += 1
                yield outcome
        is_over()
    finally:
        status.clear()


def _in_workers(
    jobs: Sequence[Job],
    ledger: Ledger,
    status: BatchStatus | None,
    workers: int,
    cancel: Callable[[], bool] | None,
) -> Generator[tuple[Job, Outcome]]:
    """Annotates films in child processes, each of which has one film at a time.

    So it is known at which film a worker died, and only that film fails.
    """
    threads = None if workers == 1 else 1
    one_thread = {} if workers == 1 else dict.fromkeys(_NUMBERS_OF_THREADS, "1")
    every = [PythonChild(_WORKER, environment=one_thread) for _ in range(workers)]
    idle: SimpleQueue[PythonChild] = SimpleQueue()
    for worker in every:
        idle.put(worker)

    def annotated(job: Job) -> Outcome:
        worker, watch = idle.get(), Stopwatch()
        try:
            answer = worker.ask(pickle.dumps((job, ledger, status, threads)))
            outcome: Outcome = pickle.loads(answer)  # noqa: S301 - of our own process
            return outcome
        except ChildEndedError as error:
            if status is not None:
                status.remove(job.video)
            return _failed(job, f"its worker was ended ({error}){_WHY.get(str(error), '')}", watch)
        except (ChildError, OSError) as error:
            return _failed(job, f"its worker failed ({error})", watch)
        finally:
            idle.put(worker)

    with ThreadPoolExecutor(workers) as pool:
        begun = {pool.submit(annotated, job.absolute()): job for job in jobs}
        try:
            waiting, asked_s = set(begun), None if cancel is None else _ASKED_S
            while waiting and not (cancel is not None and cancel()):
                done, waiting = wait(waiting, asked_s, FIRST_COMPLETED)
                yield from ((begun[one], one.result()) for one in done)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            while any(not one.done() for one in begun):
                for worker in every:
                    worker.kill()
                time.sleep(_STOPPING_S)


def in_worker() -> Callable[[bytes], bytes]:
    """What a worker does with a request of `_in_workers`."""

    def answer(request: bytes) -> bytes:
        job, ledger, status, threads = pickle.loads(request)  # noqa: S301 - of our own process
        return pickle.dumps(annotate_film(job, ledger, status, threads=threads))

    return answer


def _failed(job: Job, reason: str, watch: Stopwatch) -> Outcome:
    return Outcome(job.video, FilmStatus.FAILED, reason, seconds=watch.seconds)


def _as_given(outcome: Outcome, job: Job) -> Outcome:
    """The outcome of a job with absolute paths, with the paths that were given."""
    output = None if outcome.output is None else job.folder / outcome.output.name
    reason = outcome.reason.replace(str(job.video.absolute()), str(job.video))
    return replace(outcome, video=job.video, output=output, reason=reason)


def _sweep(folders: Iterable[Path]) -> None:
    """Removes what killed workers left half written."""
    for folder in set(folders):
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
    return _failed(job, reason, watch)


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
        return _outcome(job, FilmStatus.SKIPPED, entry, watch.seconds)
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
    return _outcome(job, FilmStatus.DONE, entry, watch.seconds)


def _options(
    settings: BatchSettings, transcriber: Transcriber | None, threads: int | None
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
    heard = [f"audio track {annotation.audio_track}"] if annotation.audio_track else []
    return {
        "output": str(output),
        "subtitles": source.description if source else (annotation.transcriber or "none"),
        "cues": len(annotation.cues),
        "tagged": len(annotation.tagged),
        "duration_ms": annotation.duration_ms,
        "warnings": "; ".join([*heard, *annotation.warnings[:5]]),
    }


def _outcome(job: Job, status: FilmStatus, entry: Entry, seconds: float) -> Outcome:
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


def _on_cluster(
    jobs: Sequence[Job], ledger: Ledger, status: BatchStatus | None, scheduler: str
) -> Generator[tuple[Job, Outcome]]:
    """Annotates films on the workers of a Dask scheduler.

    Dask gives a film whose worker died to others, up to its ``allowed-failures``.
    """
    try:
        from distributed import Client
        from distributed import as_completed as completed
    except ImportError as error:
        raise MissingExtraError.of("Dask", "cluster") from error
    try:
        client = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise SubemoError(
            f"no Dask scheduler responds at {scheduler}",
            remedy="Check the address and that it is running.",
        ) from error
    watch = Stopwatch()
    with client:
        begun = {
            client.submit(annotate_film, job.absolute(), ledger, status, pure=False): job
            for job in jobs
        }
        for done in completed(begun):  # type: ignore[no-untyped-call]
            job, failure = begun[done], done.exception()
            if failure is None:
                yield job, done.result()
            else:
                yield job, _failed(job, f"its worker was ended ({failure})", watch)


def transcriber_for(job: Job, source: SubtitleTrack | None) -> Transcriber | None:
    """What transcribes a film: nothing if it has subtitles, or gets tags alone.

    Args:
        job: the film
        source: its subtitles, or None

    Raises:
        SubtitleError: if it has none, and needs them
    """
    if source is not None or job.settings.without == "tags":
        return None
    if job.settings.without == "transcribe":
        return _transcriber(job.settings.language)
    raise SubtitleError(
        "no subtitles beside this film or in it",
        path=job.video,
        remedy='Add subtitles, or use `without="transcribe"` (or `without="tags"`).',
    )


@loaded_once(2)
def _transcriber(language: str | None) -> Transcriber:
    """One transcriber for all films of a process."""
    return Transcriber(language=language)
