"""The studio's server on the loopback address.

Requests need the token in the path. Pages of other origins are refused by Host
(against DNS rebinding), Origin and Sec-Fetch-Site, and no response may be
embedded elsewhere. Only a fixed table of names is served.
"""

from __future__ import annotations

import hmac
import json
import mimetypes
import os
import queue
import re
import secrets
import threading
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..core.errors import SubemoError
from ..core.files import open_plain
from ..core.signals import handled
from .assets import SERVED_POLICY, script, served_page, style
from .messages import Difference
from .studio import Studio

_ADDRESS = "127.0.0.1"
#: The largest request, in bytes.
_LARGEST = 1 << 20
#: The part of a larger request that is read, so that its sender gets the refusal.
_DISCARDED = 16 << 20
_PIECE = 1 << 18
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
#: The interval of keep-alive messages, in seconds.
_BEAT_S = 5.0


class StudioServer(ThreadingHTTPServer):
    """Serves a studio to pages on this machine that know its token.

    Args:
        studio: the studio
        port: the port; 0 for any free one

    Attributes:
        url: the address to open in a browser
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, studio: Studio, port: int = 0) -> None:
        self.studio = studio
        self.token = secrets.token_urlsafe(24)
        super().__init__((_ADDRESS, port), _Handler)
        self.hosts = {f"{name}:{self.server_port}" for name in (_ADDRESS, "localhost")}
        self.url = f"http://{_ADDRESS}:{self.server_port}/{self.token}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that disconnects is not an error."""


class _Handler(BaseHTTPRequestHandler):
    server: StudioServer
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "subemo", ""
    timeout = 30
    is_body_read = False

    def do_GET(self) -> None:
        """Handles GET requests of pages."""
        studio = self.server.studio
        answers: dict[str, Callable[[], None]] = {
            "": lambda: self._send(served_page(), "text/html; charset=utf-8"),
            "app.js": lambda: self._send(script(), "text/javascript; charset=utf-8"),
            "app.css": lambda: self._send(style(), "text/css; charset=utf-8"),
            "state": lambda: self._send_json(studio.state()),
            "peaks": self._send_peaks,
            "events": self._send_events,
            "film": lambda: self._send_file(studio.video),
            "proxy": lambda: self._send_file(studio.proxy_path),
        }
        self._answer(answers)

    def do_POST(self) -> None:
        """Handles POST requests of pages."""
        studio = self.server.studio
        session = studio.session
        actions: dict[str, Callable[[Any], Any]] = {
            "judge": lambda content: self._told(session.judge(content.get("changes"))),
            "undo": lambda _: self._told(session.undo()),
            "redo": lambda _: self._told(session.redo()),
            "publish": studio.publish,
            "copy": lambda _: studio.copy(),
        }
        self._answer({name: partial(self._act, action) for name, action in actions.items()})

    def _answer(self, answers: dict[str, Callable[[], None]]) -> None:
        self.is_body_read = False
        try:
            answer = answers.get(self._name() or "") if self._may_ask() else None
            if answer is None or self._name() is None:
                self._refuse(HTTPStatus.NOT_FOUND if self._may_ask() else HTTPStatus.FORBIDDEN)
                return
            answer()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _may_ask(self) -> bool:
        host, origin = self.headers.get("Host", ""), self.headers.get("Origin")
        if host not in self.server.hosts or len(self.headers.get_all("Host", [])) != 1:
            return False
        if origin is None and self.command == "POST":
            return False
        if origin is not None and origin != f"http://{host}":
            return False
        return self.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")

    def _name(self) -> str | None:
        """The requested name after the token; None without the token."""
        first, slash, name = urlsplit(self.path).path.removeprefix("/").partition("/")
        given = first.encode("utf-8", "surrogateescape")
        is_told = hmac.compare_digest(given, self.server.token.encode())
        return name if is_told and slash else None

    def _act(self, action: Callable[[Any], Any]) -> None:
        length = self.headers.get("Content-Length", "")
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip()
        if not length.isdecimal() or int(length) > _LARGEST or kind != "application/json":
            self._refuse(HTTPStatus.BAD_REQUEST)
            return
        try:
            self.is_body_read = True
            content = json.loads(self.rfile.read(int(length)))
            if not isinstance(content, dict):
                raise ValueError("not an object")
            self._send_json(action(content) or {})
        except (ValueError, RecursionError):
            self._refuse(HTTPStatus.BAD_REQUEST)
        except SubemoError as error:
            self._send_json(
                {"error": str(error)}
            )  # a normal response, which the browser does not log as an error

    def _told(self, difference: Difference) -> Difference:
        """Returns the result of a change and sends it to the other pages."""
        self.server.studio.tell("changed", {"revision": difference["revision"]})
        return difference

    def _send_peaks(self) -> None:
        found = re.fullmatch(r"from=(\d{1,9})", urlsplit(self.path).query)
        peaks, is_all = self.server.studio.peaks_from(int(found[1]) if found else 0)
        self._send(peaks, "application/octet-stream", {"X-All": str(int(is_all))})

    def _send_events(self) -> None:
        self._begin(HTTPStatus.OK, {"Content-Type": "text/event-stream", "Connection": "close"})
        self.close_connection = True
        with self.server.studio.page() as events:
            while not self.server.studio.is_over:
                try:
                    line = f"data: {json.dumps(events.get(timeout=_BEAT_S))}\n\n"
                except queue.Empty:
                    line = ": \n\n"
                self.wfile.write(line.encode())

    def _send_file(self, path: Path) -> None:
        try:
            handle = open_plain(path)
        except OSError:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        with os.fdopen(handle, "rb") as file:
            size = os.fstat(handle).st_size
            asked = self.headers.get("Range")
            span = (0, size - 1) if asked is None else _span(asked, size)
            headers = {
                "Content-Type": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
                "Accept-Ranges": "bytes",
            }
            if span is None:
                headers |= {"Content-Range": f"bytes */{size}", "Content-Length": "0"}
                self._begin(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers)
                return
            first, last = span
            left = last - first + 1
            headers["Content-Length"] = str(left)
            if asked is not None:
                headers["Content-Range"] = f"bytes {first}-{last}/{size}"
            self._begin(HTTPStatus.OK if asked is None else HTTPStatus.PARTIAL_CONTENT, headers)
            file.seek(first)
            while left > 0 and (piece := file.read(min(left, _PIECE))):
                self.wfile.write(piece)
                left -= len(piece)

    def _send_json(self, content: Any) -> None:
        data = json.dumps(content, separators=(",", ":")).encode()
        self._send(data, "application/json")

    def _send(
        self,
        data: bytes,
        kind: str,
        more: dict[str, str] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        headers = {"Content-Type": kind, "Content-Length": str(len(data)), **(more or {})}
        self._begin(status, headers)
        self.wfile.write(data)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self._send(b"", "text/plain", {"Connection": "close"}, status)
        self._discard_body()

    def _discard_body(self) -> None:
        """Reads the rest of the request, since closing with unread bytes resets the connection."""
        length = self.headers.get("Content-Length", "")
        is_left = not self.is_body_read and re.fullmatch(r"\d{1,18}", length)
        left = min(int(length), _DISCARDED) if is_left else 0
        while left > 0 and (piece := self.rfile.read1(min(left, _PIECE))):
            left -= len(piece)

    def _begin(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        security = {
            "Content-Security-Policy": SERVED_POLICY,
            "Cache-Control": "no-store",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }
        for name, value in (security | headers).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Logs nothing, since requests contain the token."""


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last requested byte; None if there are none."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or found[0] == "bytes=-":
        return None
    if not found[1]:
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last else None


def run_until_left(server: StudioServer) -> None:
    """Serves until Ctrl-C, or a minute after the last page was closed."""
    studio = server.studio
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True
    )
    thread.start()

    def end() -> None:
        studio.end()
        server.shutdown()
        thread.join()

    try:
        while not studio.is_silent:
            time.sleep(0.2)
    except KeyboardInterrupt:
        end()  # here, where another Ctrl-C has no effect
        handled()
    except BaseException:
        end()
        raise
    else:
        end()
