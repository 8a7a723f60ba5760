"""A review session: a film's judgements, their effect, and their file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..core.cache import file_digest
from ..core.errors import OutputError, SettingsError
from ..core.files import folder_lock
from ..tagging.colours import OKABE_ITO, Palette
from .judged import AnalysedFilm
from .judged_file import JudgedFile, VoiceCorrection, judgement_of, parse_judged, read_judged
from .judgements import CueKey, Judgement, Shown, check_judgement
from .messages import CueView, Difference, Initial, Overall, SessionState
from .views import cue_view, film_view, kept, sound_view


class Session:
    """A reviewer's session on a film; every change is saved before it is reported.

    Args:
        film: the analysed film
        path: the file of judgements; existing judgements are loaded
        colours: colours of the tags; None to publish without colours
        initial: what another film taught, where this one begins; None for what the file has of that

    Raises:
        SettingsError: if the file is invalid
    """

    def __init__(
        self,
        film: AnalysedFilm,
        path: Path,
        colours: Palette | None = None,
        initial: VoiceCorrection | None = None,
    ) -> None:
        self.film, self.path, self.colours = film, path, colours
        self.keys = film.keys()
        self.places = {key: index for index, key in enumerate(self.keys)}
        self.lock = threading.RLock()
        self.revision = 0
        self._disk: bytes | None = None
        digest = file_digest(film.found.film.path)
        self.file = JudgedFile(film.found.film.path.name, digest)
        self.is_of_another_film = False
        if path.exists():
            there = read_judged(path)
            self.is_of_another_film = there.sha256 != digest
            self._take(there)
            self._disk = path.read_bytes()
        if initial is not None:
            self.file = replace(self.file, initial=initial)
        self.film = film.beginning_with(self.file.initial)
        self.annotation = self.film.annotation(self.judgements)
        self._views = self._view_all()

    @property
    def judgements(self) -> dict[int, Judgement]:
        """The judgements of the film's cues, by index."""
        with self.lock:
            return self._by_place(self.file)

    def _by_place(self, file: JudgedFile) -> dict[int, Judgement]:
        of_cues = file.judgements.items()
        return {self.places[key]: one for key, one in of_cues if key in self.places}

    @property
    def unmatched(self) -> list[tuple[CueKey, Judgement]]:
        """The judgements that match no cue of these subtitles."""
        with self.lock:
            return [one for one in self.file.judgements.items() if one[0] not in self.places]

    def state(self) -> SessionState:
        """The complete state for a page."""
        with self.lock:
            return {
                **film_view(self.annotation, self.colours or OKABE_ITO),
                "revision": self.revision,
                "cues": self._views,
                **self._overall(),
                "judged_file": self.path.name,
                "other_film": self.is_of_another_film,
                "start": self._initial_told(),
                "own": sorted({one.own for one in self.judgements.values() if one.own}),
                "unmatched": [
                    {"start": key.start_ms, "words": kept(key.words), "said": _said(one)}
                    for key, one in self.unmatched
                ],
            }

    def judge(self, changes: Mapping[str, Any]) -> Difference:
        """Changes the judgements of some cues, as one step.

        Args:
            changes: judgements by the index of the cue, from a page; None removes one

        Returns:
            the differences

        Raises:
            SubemoError: if a judgement is invalid or cannot be saved
        """
        if not isinstance(changes, Mapping) or not changes:
            raise SettingsError("no judgements were given")
        step = {}
        for place, content in changes.items():
            if not place.isdecimal() or int(place) >= len(self.keys):
                raise SettingsError("there is no such cue")
            judgement = judgement_of(content)
            is_of_sound = int(place) >= len(self.film.found.cues)
            check_judgement(judgement, is_of_sound=is_of_sound)
            step[self.keys[int(place)]] = (
                judgement if is_of_sound else self._normal(int(place), judgement)
            )

        def change(file: JudgedFile) -> JudgedFile:
            after = file.with_step(step)
            self._check_edits(file, after)
            return after

        return self._change(change)

    def _check_edits(self, before: JudgedFile, after: JudgedFile) -> None:
        """Refuses a step after which an edit cannot hold that could, or that is new."""
        told = self.film.edits(self._by_place(before)).refused
        refused = self.film.edits(self._by_place(after)).refused
        new = [why for index, each in refused.items() if told.get(index) != each for why in each]
        if new:
            raise SettingsError("; ".join(new))

    def undo(self) -> Difference:
        """Undoes the last step; see `judge`."""
        return self._change(JudgedFile.undone)

    def redo(self) -> Difference:
        """Redoes the step undone last; see `judge`."""
        return self._change(JudgedFile.redone)

    def _normal(self, place: int, judgement: Judgement | None) -> Judgement | None:
        """Removes parts of a judgement that change nothing."""
        if judgement is None or not (judgement.is_judged or judgement.is_edited):
            return None
        cue, before = self.film.found.cues[place], self.judgements.get(place)
        is_text = judgement.text is not None and judgement.text != cue.text
        is_old = before is not None and before.text == judgement.text
        return replace(
            judgement,
            text=judgement.text if is_text else None,
            text_for=before.text_for if is_text and is_old and before else None,
            start_ms=None if judgement.start_ms == cue.start_ms else judgement.start_ms,
            end_ms=None if judgement.end_ms == cue.end_ms else judgement.end_ms,
        )

    def _change(self, change: Callable[[JudgedFile], JudgedFile]) -> Difference:
        with self.lock, folder_lock(self.path.parent):
            self._reread()
            before = self.file
            after = change(before)
            if after is not before:
                self.file = after
                try:
                    annotation = self.film.annotation(self.judgements)
                    self.file = replace(after, correction=self.film.correction(self.judgements))
                    self._disk = self.file.write(self.path)
                except BaseException:
                    self.file = before
                    raise
                self.annotation = annotation
            touched = {
                self.places[key]
                for key in before.judgements.keys() | after.judgements.keys()
                if key in self.places and before.judgements.get(key) != after.judgements.get(key)
            }
            return self._difference(touched)

    def _difference(self, touched: set[int]) -> Difference:
        old, self._views = self._views, self._view_all()
        changed = {
            index: view
            for index, (view, was) in enumerate(zip(self._views, old, strict=True))
            if view != was
        }
        moved = [
            index
            for index, view in changed.items()
            if index not in touched and _shows(view) != _shows(old[index])
        ]
        whole = touched.union(moved)
        self.revision += 1
        return {
            "revision": self.revision,
            # A judgement shifts the probabilities of most cues; of these nothing else is sent.
            "cues": {
                index: view if index in whole else _patch(old[index], view)
                for index, view in changed.items()
            },
            "touched": sorted(touched),
            "moved": moved,
            **self._overall(),
        }

    def _initial_told(self) -> Initial | None:
        """The film where this one begins, how many cues were judged there, and a sentence."""
        initial = self.film.initial
        if initial is None:
            return None
        return {"film": kept(initial.film), "cues": initial.cues, "said": kept(initial.said)}

    def _overall(self) -> Overall:
        judged = {index for index, one in self.judgements.items() if one.is_judged}
        listed = sum(view["check"] for index, view in enumerate(self._views) if index not in judged)
        return {
            "done": len(judged),
            "total": len(judged) + listed,
            "tags": len(self.annotation.tagged),
            "sounds": len(self.annotation.sound_cues),
            "can_undo": self.file.done > 0,
            "can_redo": self.file.done < len(self.file.steps),
            "review": self.annotation.review,
        }

    def _view_all(self) -> list[CueView]:
        limits = self.annotation.policy.limits(self.annotation.language)
        judgements = self.judgements
        views = [
            cue_view(cue, limits, judgements.get(index))
            for index, cue in enumerate(self.annotation.cues)
        ]
        shown = {
            (cue.heard.start_ms, cue.heard.end_ms, cue.sound): cue
            for cue in self.annotation.sound_cues
            if cue.heard is not None
        }
        return views + [
            sound_view(one, shown.get((one.start_ms, one.end_ms, one.sound)), judgements.get(index))
            for index, one in enumerate(self.film.sounds, start=len(views))
        ]

    def _reread(self) -> None:
        """Reloads the file if another program changed it."""
        try:
            there = self.path.read_bytes() if self.path.exists() else None
        except OSError as error:
            raise OutputError(f"cannot be read ({error.strerror})", path=self.path) from error
        if there is not None and there != self._disk:
            self._take(parse_judged(there))
            self._disk = there

    def _take(self, there: JudgedFile) -> None:
        there = replace(there, film=self.file.film, sha256=self.file.sha256)
        self.file = there.fitted(self.keys)


def _patch(old: Mapping[str, object], new: CueView) -> dict[str, object]:
    """The fields of a cue's view that differ from before; both have the same names."""
    return {name: value for name, value in new.items() if old[name] != value}


def _shows(view: CueView) -> tuple[str, str, str]:
    return view["tag"], view["shown"], view["reason"]


def _said(judgement: Judgement) -> str:
    """A short description of a judgement."""
    parts = [
        f"heard {judgement.heard}" if judgement.heard else "",
        {Shown.NOTHING: "no tag", Shown.TAG: "tag shown", Shown.KEPT: "kept"}.get(
            judgement.shown, judgement.own
        ),
        "text changed" if judgement.text is not None else "",
        "times changed" if judgement.start_ms is not None or judgement.end_ms is not None else "",
    ]
    return ", ".join(filter(None, parts))
