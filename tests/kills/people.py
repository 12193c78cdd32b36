"""People at work while things are killed: each asks again until what they did is acknowledged."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

PATIENCE: Final = 60  # seconds until an act must have been acknowledged
UNSURE: Final = (OSError, http.client.HTTPException, ValueError)
AGAIN: Final = (409, 429, 500, 502, 503, 504)  # the same is sent once more


class NotAnsweredError(Exception):
    """Nobody knows whether it was done: the connection, or somebody behind it, has gone."""


class Line:
    """A connection to the server, which may be cut while an answer is awaited."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.port = port
        self.headers = headers
        self.cut_next = threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return status and JSON; raise NotAnsweredError."""
        try:
            connection = self._opened()
            text = None if body is None else json.dumps(body)
            headers = {**self.headers, "Content-Type": "application/json"}
            connection.request(method, path, text, headers)
            if self.cut_next.is_set():
                self.cut_next.clear()
                raise ConnectionAbortedError
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        except UNSURE as error:
            self.close()
            raise NotAnsweredError from error

    def close(self) -> None:
        """Cut the connection, if there is one."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _opened(self) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        return self._connection


@dataclass
class Typed:
    """One operation that was acknowledged."""

    id: str
    place: str
    question: str
    text: str
    result: str


class Person(threading.Thread):
    """Somebody who works until told to stop; *acknowledged* counts what was."""

    def __init__(self, line: Line) -> None:
        super().__init__(daemon=True)
        self.line = line
        self.acknowledged = 0
        self.failure: BaseException | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        try:
            while not self._ended.is_set():
                self.act()
                self.acknowledged += 1
        except BaseException as error:  # noqa: BLE001 - told by the test
            self.failure = error
        finally:
            self.line.close()

    def act(self) -> None:
        """Do one thing, until it is acknowledged."""
        raise NotImplementedError

    def stop(self) -> None:
        self._ended.set()

    def insist(self, try_once: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        """Try until there is an answer that does not say to try again."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                status, told = try_once()
            except NotAnsweredError:
                status, told = 503, None
            if status not in AGAIN:
                return status, told
            if time.monotonic() > end:
                raise TimeoutError(f"not acknowledged in {PATIENCE} s: {status} {told}")
            time.sleep(0.02)


class Drafter(Person):
    """Types into rows of their own, and now and then into an answer that all share."""

    ROW_EVERY: Final = 12
    SHARED_EVERY: Final = 7

    def __init__(self, line: Line, name: str, submission: str) -> None:
        super().__init__(line)
        self.name_of_texts = name
        self.address = f"/submissions/{submission}/draft/operations"
        self.page = str(uuid4())
        self.done: list[Typed] = []
        self.row = ""

    def act(self) -> None:
        number = len(self.done)
        if number % self.ROW_EVERY == 0:
            self.row = f"targets/national_targets/{uuid4()}"
        place, question = self.row, ("title", "rationale")[number % 2]
        if number % self.SHARED_EVERY == self.SHARED_EVERY - 1:
            place, question = "basis", "not_national_reason"
        text = f"{self.name_of_texts} wrote this as number {number}"
        operation: dict[str, Any] = {
            "id": str(uuid4()),
            "order": number,
            "place": place,
            "at_version": 0,
            "fields": {question: [text], f"{question}.language": ["en"]},
        }
        body = {"page": self.page, "locale": "en", "operations": [operation]}
        status, told = self.insist(lambda: self.line.ask("POST", self.address, body))
        if status != http.client.OK:
            raise AssertionError(f"refused: {status} {told}")
        result = told["operations"][0]
        if result["result"] == "refused":
            raise AssertionError(f"refused: {result}")
        self.done.append(Typed(operation["id"], place, question, text, result["result"]))


@dataclass
class Signed:
    """The hashes of signatures that were acknowledged, and of how many nobody knows."""

    hashes: list[str] = field(default_factory=list)
    unsure: int = 0


class Signatory(Person):
    """Sends, signs and revises, over and over, by the API."""

    def __init__(self, line: Line, address: str) -> None:
        super().__init__(line)
        self.address = address
        self.signed = Signed()

    def act(self) -> None:
        _status, submission = self.insist(lambda: self.line.ask("GET", self.address))
        act = {"awaiting_sign_off": "sign", "submitted": "revise"}.get(
            submission["status"], "send-for-sign-off"
        )
        if self._post(act) == http.client.CONFLICT and act == "send-for-sign-off":
            self._post("sign")  # it was sent before, and nobody heard of it

    def _post(self, act: str) -> int:
        try:
            status, told = self.line.ask("POST", f"{self.address}/{act}")
        except NotAnsweredError:
            status, told = http.client.SERVICE_UNAVAILABLE, None
        if act == "sign" and status == http.client.OK:
            self.signed.hashes.append(told["hash"])
        elif act == "sign" and status != http.client.CONFLICT:
            self.signed.unsure += 1
        if status not in (http.client.OK, *AGAIN):
            raise AssertionError(f"{act} was refused: {status} {told}")
        return status
