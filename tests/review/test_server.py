"""Who may ask the studio, and what is answered."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from subemo.analysis.film import open_film
from subemo.core.emotions import Emotion
from subemo.review.judged_file import read_judged
from subemo.review.server import StudioServer, run_until_left
from subemo.review.session import Session
from subemo.review.studio import Studio

from ..conftest import run_ffmpeg, wait_until
from .sitting import heard_film, served
from .test_judged import LINES

Reply = tuple[int, dict[str, str], bytes]


@pytest.fixture
def server(trailer: tuple[Path, Path], tmp_path: Path) -> Iterator[StudioServer]:
    session = Session(heard_film(tmp_path, trailer[0], LINES), tmp_path / "film.judged.json")
    with served(session, tmp_path) as server:
        yield server


def ask(
    server: StudioServer,
    name: str = "",
    *,
    method: str = "GET",
    body: object = None,
    **headers: str,
) -> Reply:
    """What is answered to a request; ``Host=""`` and the like go without that header."""
    host = f"127.0.0.1:{server.server_port}"
    sent = {"Host": host}
    if method == "POST":
        sent |= {"Origin": f"http://{host}", "Content-Type": "application/json"}
    sent |= {key.replace("_", "-"): value for key, value in headers.items()}
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    path = name if name.startswith("/") else f"/{server.token}/{name}"
    with closing(
        http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    ) as connection:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for key, value in {**sent, "Content-Length": str(len(data))}.items():
            if value:
                connection.putheader(key, value)
        connection.endheaders(data)
        reply = connection.getresponse()
        return reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read()


def test_the_page_and_its_policy(server: StudioServer) -> None:
    status, headers, body = ask(server)
    assert status == 200 and b"<!doctype html>" in body
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "no-referrer"
    assert (
        b' src="app.js"></script>' in body
        and body.count(b"<script") == 1
        and b"film.mp4" not in body
    )


def test_without_the_token_nothing_is_told(server: StudioServer) -> None:
    for path in ("/", "/state", f"/{server.token[:-1]}/state", f"/{server.token}x/state",
                 f"/{server.token}", "//state", f"/x/{server.token}/state", "/%00/state"):  # fmt: skip
        status, _, body = ask(server, path)
        assert (status, body) == (404, b""), path


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:1"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_other_hosts_and_origins_are_refused(server: StudioServer, headers: dict[str, str]) -> None:
    for name, method in (("state", "GET"), ("film", "GET"), ("undo", "POST")):
        status, _, body = ask(server, name, method=method, body={}, **headers)
        assert (status, body) == (403, b""), (name, headers)


def test_a_post_needs_an_origin_and_json(server: StudioServer) -> None:
    assert ask(server, "undo", method="POST", body={}, Origin="")[0] == 403
    assert ask(server, "undo", method="POST", body={}, Content_Type="text/plain")[0] == 400
    for body in (b"", b"{", b"[]", b"[" * 100_000, b"\xff"):
        assert ask(server, "undo", method="POST", body=body)[0] == 400, body[:10]
    for _ in range(20):  # each is sent whole before its answer is read
        assert ask(server, "undo", method="POST", body=b"x" * (2 << 20))[0] == 400
    assert ask(server, "undo", method="POST", body={})[0] == 200
    assert ask(server, "judge", method="GET")[0] == 404
    assert ask(server, "state", method="POST", body={})[0] == 404


@pytest.mark.parametrize(
    "name",
    ["../film.judged.json", "film.judged.json", "static/page.css", "..%2f..%2fetc/passwd",
     "film/../../etc/passwd", "/etc/passwd", "film.srt", "events/../state", "app.js/"],
)  # fmt: skip
def test_no_other_path_is_served(server: StudioServer, name: str) -> None:
    assert ask(server, name)[0] == 404


def test_the_film_in_pieces(server: StudioServer, tmp_path: Path) -> None:
    film = (tmp_path / "film.mp4").read_bytes()
    size = len(film)
    assert ask(server, "film")[2] == film
    for asked, (first, last) in {
        "bytes=0-9": (0, 9), "bytes=100-": (100, size - 1), "bytes=-10": (size - 10, size - 1),
        f"bytes={size - 1}-{size + 50}": (size - 1, size - 1), "bytes=0-": (0, size - 1),
    }.items():  # fmt: skip
        status, headers, body = ask(server, "film", Range=asked)
        assert status == 206 and body == film[first : last + 1], asked
        assert headers["content-range"] == f"bytes {first}-{last}/{size}"
    for asked in (f"bytes={size}-", "bytes=9-5", "bytes=-", "lines=0-1", "bytes=0-1,5-6"):
        status, headers, body = ask(server, "film", Range=asked)
        assert (status, body) == (416, b"") and headers["content-range"] == f"bytes */{size}"


def test_judging(server: StudioServer, tmp_path: Path) -> None:
    told = json.loads(
        ask(server, "judge", method="POST", body={"changes": {"1": {"heard": "sad"}}})[2]
    )
    assert told["cues"]["1"]["shown"] == "[sadly]"
    kept = read_judged(tmp_path / "film.judged.json").judgements
    assert [one.heard for one in kept.values()] == [Emotion.SAD]
    status, _, body = ask(server, "judge", method="POST", body={"changes": {"1": {"heard": "x"}}})
    assert status == 200 and "error" in json.loads(body)
    assert "error" in json.loads(ask(server, "judge", method="POST", body={})[2])


def test_peaks(server: StudioServer) -> None:
    wait_until(lambda: server.studio.peaks_from(0)[1], "all peaks")
    status, headers, body = ask(server, "peaks?from=0")
    assert status == 200 and headers["x-all"] == "1"
    assert abs(len(body) - 52.21 * 50) < 25 and max(body) > 100
    assert ask(server, "peaks?from=100")[2] == body[100:]


@pytest.mark.parametrize(
    "content",
    [{}, {"captions": "../film.srt"}, {"captions": "/tmp/x.srt"}, {"captions": "film.exe"},
     {"captions": ""}, {"captions": 5}, {"mux": "film.srt"}, {"captions": "a\\b.srt"},
     {"captions": "a\n.srt"}, {"captions": "a\0.srt"}],
)  # fmt: skip
def test_only_beside_the_film_is_published(server: StudioServer, content: object) -> None:
    assert "error" in json.loads(ask(server, "publish", method="POST", body=content)[2])


def published(server: StudioServer, content: object) -> Any:
    assert ask(server, "publish", method="POST", body=content)[0] == 200
    wait_until(lambda: server.studio.published["state"] != "running", "the publication")
    return server.studio.published


def test_publishing(server: StudioServer, tmp_path: Path) -> None:
    ask(server, "judge", method="POST", body={"changes": {"1": {"heard": "sad"}}})
    told = published(server, {"captions": "film.emo.srt", "mux": "film.emo.mkv"})
    assert told["state"] == "done", told
    assert told["written"] == ["film.emo.srt", "film.emo.srt.tags.json", "film.emo.mkv"]
    assert "[sadly] I am looking" in (tmp_path / "film.emo.srt").read_text()
    again = published(server, {"captions": "film.emo.srt"})
    assert again["state"] == "failed" and again["exists"] is True
    assert published(server, {"captions": "film.emo.srt", "overwrite": True})["state"] == "done"
    for name in ("film.srt", "film.mp4"):
        kind = "captions" if name.endswith("srt") else "burn"
        refused = published(server, {kind: name, "overwrite": True})
        assert refused["state"] == "failed", "an input is never written over"


def test_a_film_that_browsers_seldom_play_is_copied(
    trailer: tuple[Path, Path], tmp_path: Path
) -> None:
    video = tmp_path / "film.avi"
    run_ffmpeg("-i", trailer[0], "-t", "5", "-c:v", "mpeg4", "-c:a", "pcm_s16le", video)
    film = heard_film(tmp_path, trailer[0], LINES)
    film = replace(film, found=replace(film.found, film=open_film(video)))
    folder = tmp_path / "scratch"
    folder.mkdir()
    studio = Studio(Session(film, tmp_path / "film.judged.json"), folder)
    wait_until(lambda: studio.copied["state"] != "running", "the copy")
    assert studio.copied == {"state": "done"}
    with StudioServer(studio) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        status, headers, body = ask(server, "proxy", Range="bytes=0-99")
        assert (status, headers["content-type"], len(body)) == (206, "video/mp4", 100)
        studio.end()
        server.shutdown()
        thread.join()


def test_it_ends_a_while_after_the_last_page(
    server: StudioServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = server.studio
    monkeypatch.setattr("subemo.review.studio.SILENCE_S", 0.3)
    with studio.page():
        time.sleep(0.5)
        assert not studio.is_silent
    assert not studio.is_silent, "a reload leaves time for the next page"
    with studio.page():
        time.sleep(0.5)
        assert not studio.is_silent
    studio.published = {"state": "running", "stage": "", "done": 0, "total": None}
    time.sleep(0.5)
    assert not studio.is_silent, "not while it publishes"
    studio.published = {"state": "idle"}
    wait_until(lambda: studio.is_silent, "silence")


def test_run_until_left(
    trailer: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subemo.review.studio.SILENCE_S", 0.1)
    session = Session(heard_film(tmp_path, trailer[0], LINES), tmp_path / "film.judged.json")
    with StudioServer(Studio(session, tmp_path)) as server:
        run_until_left(server)
        assert server.studio.is_over


def start(folder: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "subemo", "review", str(folder / "film.mp4"),
         str(folder / "film.srt"), "--no-browser"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "http://127.0.0.1:" in line, process.communicate()
    return process, line.split()[2]


def post(url: str, name: str, body: object) -> int:
    host, _, rest = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=60)
    headers = {"Origin": f"http://{host}", "Content-Type": "application/json"}
    connection.request("POST", f"/{rest}{name}", json.dumps(body), headers)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_however_it_ends_nothing_is_lost(
    trailer: tuple[Path, Path], tmp_path: Path, number: signal.Signals
) -> None:
    for path, name in zip(trailer, ("film.mp4", "film.srt"), strict=True):
        (tmp_path / name).write_bytes(path.read_bytes())
    process, url = start(tmp_path)
    assert post(url, "judge", {"changes": {"1": {"heard": "sad"}}}) == 200
    process.send_signal(number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == (0 if number == signal.SIGINT else -signal.SIGKILL)
    if number == signal.SIGINT:
        assert "Cues judged: 1" in out and err == ""
    kept = read_judged(tmp_path / "film.judged.json").judgements
    assert [one.heard for one in kept.values()] == [Emotion.SAD]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"film.mp4", "film.srt", "film.judged.json"}
