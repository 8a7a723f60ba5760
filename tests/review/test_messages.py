"""One schema of the messages between the studio and its pages, and both sides held to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from subemo.core.emotions import Emotion
from subemo.core.errors import SettingsError, SubemoError
from subemo.review import messages
from subemo.review.judged_file import judgement_of
from subemo.review.messages import (
    REQUESTS,
    Copying,
    Difference,
    JudgeMessage,
    PageJudgement,
    Publishing,
    PublishMessage,
    StudioState,
)
from subemo.review.publishing import Publication
from subemo.review.server import StudioServer
from subemo.review.session import Session

from .browsers import BROWSERS, launched, open_page, wait_until
from .sitting import heard_film, served
from .test_judged import LINES
from .test_server import ask
from .test_sounds import sounding_film

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

#: Keeps what the page posts and what it is answered.
_KEEPS_POSTS = """
    window.posts = [];
    const asked = window.fetch;
    window.fetch = async (name, options) => {
      const reply = await asked(name, options);
      if (options?.method === "POST") posts.push([name, JSON.parse(options.body), await reply.clone().json()]);
      return reply;
    };
"""


def faults(kind: Any, value: Any, where: str = "") -> Iterator[str]:
    """Where a value of JSON is not of a kind of `subemo.review.messages`."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if all(list(faults(part, value)) for part in parts):
            yield f"{where}: {value!r}"
    elif origin is Literal:
        yield from () if value in parts else (f"{where}: {value!r}",)
    elif origin is list and isinstance(value, list):
        for i, one in enumerate(value):
            yield from faults(parts[0], one, f"{where}[{i}]")
    elif origin is dict and isinstance(value, dict):
        for name, one in value.items():
            yield from faults(parts[1], one, f"{where}.{name}")
    elif is_typeddict(kind) and isinstance(value, dict):
        hints = get_type_hints(kind)
        required, known = kind.__required_keys__, hints.keys()
        yield from (f"{where}.{name}: {problem}" for names, problem in
                    ((required - value.keys(), "missing"), (value.keys() - known, "unknown"))
                    for name in names)  # fmt: skip
        for name in value.keys() & known:
            yield from faults(hints[name], value[name], f"{where}.{name}")
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        yield from () if value in set(kind) else (f"{where}: {value!r}",)
    elif (kind is float and type(value) is int) or kind is object:
        return
    elif type(value) is not (NoneType if kind is None else kind):
        yield f"{where}: {value!r}"


def _any_of(kinds: Any) -> st.SearchStrategy[Any]:
    return st.one_of(*map(st.from_type, get_args(kinds)))


@pytest.fixture
def session(trailer: tuple[Path, Path], tmp_path: Path) -> Session:
    return Session(heard_film(tmp_path, trailer[0], LINES), tmp_path / "film.judged.json")


def test_faults_are_found() -> None:
    good = {"heard": "sad", "shown": "rules"}
    assert not list(faults(PageJudgement, good))
    for wrong in ({"own": None}, {"heard": "furious"}, {"new_end": 1.5}, {"x": 1}, {"agreed": 1}):
        assert list(faults(PageJudgement, good | wrong)), wrong
    assert list(faults(PageJudgement, {"heard": "sad"}))


class TestPython:
    def test_what_is_told_is_of_the_schema(
        self, trailer: tuple[Path, Path], tmp_path: Path
    ) -> None:
        film = sounding_film(tmp_path, trailer[0])
        session = Session(film, tmp_path / "film.judged.json")
        sound = str(len(film.found.cues))
        with served(session, tmp_path) as server:

            def told(name: str, method: str = "GET", body: object = None) -> Any:
                return json.loads(ask(server, name, method=method, body=body)[2])

            judgement = {"heard": "fear", "shown": "own", "own": "[whispers]", "new_end": 2_900}
            for changes in (
                {"0": {"heard": "sad", "shown": "tag"}, sound: {"heard": None, "shown": "kept"}},
                {"0": {**judgement, "text": "Go!"}},
                {"0": None},
            ):
                assert not list(faults(Difference, told("judge", "POST", {"changes": changes})))
                assert not list(faults(StudioState, told("state")))
            for name in ("undo", "redo"):
                assert not list(faults(Difference, told(name, "POST", {})))
            with server.studio.page() as events:
                told("publish", "POST", {"overwrite": False, "captions": "film.emo.srt"})
                event: dict[str, object] = {"state": "running"}
                while event["state"] == "running":
                    event = dict(events.get(timeout=60))
                    if event.pop("kind") != "publish":
                        event = {"state": "running"}  # the peaks, meanwhile
                        continue
                    assert not list(faults(Publishing, event))
            assert event["state"] == "done"

    @given(st.from_type(PageJudgement))
    def test_every_judgement_of_the_schema_is_understood(self, content: PageJudgement) -> None:
        try:
            made = judgement_of(content)
        except SettingsError as error:
            assert error.problem != "not a judgement", error.__cause__
        else:
            assert made is not None and made.heard is content["heard"]

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.one_of(
            st.from_type(JudgeMessage).map(lambda one: ("judge", one)),
            st.from_type(PublishMessage).map(lambda one: ("publish", one)),
        )
    )
    def test_every_request_of_the_schema_has_an_answer(
        self, session: Session, request_: tuple[str, Any]
    ) -> None:
        name, content = request_
        try:
            if name == "judge":
                session.judge(content["changes"])
            else:
                Publication.of(content, session.annotation)
        except SubemoError as error:
            assert error.problem


@pytest.fixture(scope="module", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    with launched(request.param) as browser:
        yield browser


@contextmanager
def posting(browser: Browser, server: StudioServer) -> Iterator[Page]:
    """A page of the studio that keeps what it posts."""
    page = browser.new_page()
    page.add_init_script(_KEEPS_POSTS)
    open_page(page, server.url)
    yield page
    page.close()


class TestPage:
    #: How the cue is judged before each key.
    BEFORE: tuple[dict[str, object] | None, ...] = (
        None,
        {"heard": "sad", "shown": "rules"},
        {"heard": "angry", "shown": "tag"},
        {"heard": None, "shown": "nothing"},
        {"heard": None, "shown": "own", "own": "[whispers]"},
        {"heard": None, "shown": "rules", "text": "Well?", "new_start": 10_040},
    )
    KEYS = ("Enter", "1", "5", "0", "s", "Backspace", "Alt+ArrowLeft", "Alt+ArrowRight", "u", "y")

    def test_what_every_key_posts_is_of_the_schema_and_taken(
        self, session: Session, browser: Browser, tmp_path: Path
    ) -> None:
        with served(session, tmp_path) as server, posting(browser, server) as page:
            befores = self.BEFORE if browser.browser_type.name == "chromium" else self.BEFORE[-1:]
            for before in befores:
                session.judge({"1": {"heard": "happy", "shown": "rules"}})
                session.judge({"1": before})
                page.reload()
                page.wait_for_selector("body[data-ready]")
                for key in self.KEYS:
                    page.click("#cue-1")
                    page.keyboard.press(key)
                page.click("#cue-1")
                for save in ("#edit-save", "#edit-reset"):
                    page.keyboard.press("e")
                    page.fill("#edit-text", "Oh, well?")
                    page.click(save)
                    page.wait_for_selector("#edit:not([open])", state="attached")
                page.keyboard.press("t")
                page.fill("#own-text", "hisses")
                page.click("#own-save")
                page.wait_for_selector("#own:not([open])", state="attached")
                wait_until(page, f"posts.length >= {len(self.KEYS) + 3}")
                for name, body, answer in page.evaluate("posts"):
                    assert not list(faults(REQUESTS[name], body)), (before, name, body)
                    assert not list(faults(Difference, answer)), (before, body, answer)

    def test_nudges_add_up_however_fast_they_come(
        self, session: Session, browser: Browser, tmp_path: Path
    ) -> None:
        with served(session, tmp_path) as server, posting(browser, server) as page:
            page.click("#cue-1")
            # The third comes between the answers to the first and the second.
            page.evaluate("""async () => {
                const press = (key) => document.dispatchEvent(
                    new KeyboardEvent("keydown", { key, altKey: true, bubbles: true }));
                const turn = () => new Promise((done) => setTimeout(done, 0));
                press("ArrowLeft");
                press("ArrowLeft");
                while (!posts.length) await turn();
                await turn();
                press("ArrowRight");
            }""")
            wait_until(page, "posts.length === 3")
            cue = session.annotation.cues[1].cue
            assert (cue.start_ms, cue.end_ms) == (9_960, 12_960)
            assert page.inner_text("#when").startswith("0:09.96")

    def test_whatever_is_told_of_work_is_shown(
        self, session: Session, browser: Browser, tmp_path: Path
    ) -> None:
        with served(session, tmp_path) as server:
            page = browser.new_page()
            broken: list[str] = []
            page.on("pageerror", lambda error: broken.append(str(error)))
            open_page(page, server.url)

            @settings(max_examples=15, deadline=None)
            @given(_any_of(Publishing), _any_of(Copying))
            def tell(publishing: Publishing, copying: Copying) -> None:
                server.studio.tell("publish", publishing)
                server.studio.tell("copy", copying)

            tell()
            server.studio.tell("publish", {"state": "failed", "error": "the last", "exists": False})
            wait_until(page, "document.querySelector('#publish .error').textContent === 'the last'")
            assert broken == []
            page.close()


def test_every_emotion_and_message_is_in_the_schema() -> None:
    kinds = [kind for kind in vars(messages).values() if is_typeddict(kind)]
    assert len(kinds) > 15 and all(kind.__doc__ for kind in kinds)
    assert not [e for e in Emotion for _ in faults(PageJudgement, {"heard": e, "shown": "rules"})]
