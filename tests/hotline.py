"""A small 12345 hotline on loopback: it gives, sends and takes work orders, well or badly.

It keeps books of its own and reads signatures in its own way, from what the operator's guide says.
"""

import csv
import hmac
import io
import json
import secrets
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

from django.core.management import call_command
from openpyxl import Workbook

from yanlu.kernel import clock

CODE, NAME = "12345", "市12345热线"
STAIRS = "宝林一村12号楼的楼道里堆满了旧家具和纸箱，轮椅根本过不去，请来管一管楼道堆物。"
#: What can go wrong with a result: nothing is stored but by ``lose``, which loses its own answer.
TROUBLE = ("http-500", "timeout", "close", "lose")


@dataclass
class Entry:
    """What the hotline knows of one of its orders."""

    order: dict[str, str]
    ways: list[str] = field(default_factory=list)
    refused: str = ""
    results: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def last(self) -> dict[str, str]:
        return self.results[max(self.results)] if self.results else {}


class Hotline:
    """The hotline: its books, what it is to do wrong, and what it complains of."""

    def __init__(self) -> None:
        self.books: dict[str, Entry] = {}
        self.feed: list[dict[str, Any]] = []
        self.trouble: list[str] = []
        self.refuses: set[str] = set()
        self.shut = 0
        self.answers: list[bytes] = []
        self.complaints: list[str] = []
        self.came_twice = 0
        self.asked: list[str] = []
        self.nonces: set[str] = set()
        self.secret = ""
        self.url = ""
        self.ended = threading.Event()

    # --- its own side

    def writes(self, text: str = STAIRS, **more: str) -> dict[str, str]:
        """A call came in: an order under a number of the hotline's."""
        number = f"SH{len(self.books) + 1:06d}"
        order = {
            "工单编号": number,
            "来源": "电话",
            "诉求类型": "投诉",
            "诉求内容": text,
            "受理时间": "2026-03-02 09:15:00",
            "街镇": "友谊路街道",
            "居委": "宝林一村居委会",
            "联系人": "周桂妹",
            "联系电话": "13900000001",
            **more,
        }
        self.books[order["工单编号"]] = Entry(order)
        return order

    def known(self) -> dict[str, tuple[str, str]]:
        """Of each of its numbers, our number and the status that it was told last."""
        return {
            number: (entry.last.get("区案件编号", ""), entry.last.get("工单状态", ""))
            for number, entry in self.books.items()
        }

    # --- it sends

    def signs(self, method: str, path: str, body: bytes, *, now: float | None = None) -> dict:
        """The headers of a signed request."""
        moment = str(int(clock.now().timestamp() if now is None else now))
        nonce = secrets.token_hex(12)
        return {
            "Content-Type": "application/json",
            "Yanlu-Timestamp": moment,
            "Yanlu-Nonce": nonce,
            "Yanlu-Signature": self._signature(method, path, moment, nonce, body),
        }

    def sends(self, server: str, *orders: dict[str, Any], headers: dict | None = None) -> Any:
        """Push orders; status and JSON of the answer."""
        path, body = f"/api/v1/exchange/{CODE}/orders", self.pushed(*orders)
        sent = headers or self.signs("POST", path, body)
        request = urllib.request.Request(server + path, body, sent)  # noqa: S310 - our own
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return answer.status, json.loads(answer.read())
        except HTTPError as error:
            return error.code, json.loads(error.read())

    def pushed(self, *orders: dict[str, Any]) -> bytes:
        for order in orders:
            if order.get("工单编号") in self.books:
                self.books[order["工单编号"]].ways.append("push")
        return json.dumps({"orders": orders}, ensure_ascii=False).encode()

    def writes_table(self, path: Path, *orders: dict[str, Any], encoding: str = "utf-8") -> Path:
        """Orders as a table, CSV or xlsx."""
        headings = list(dict.fromkeys(name for order in orders for name in order))
        rows = [headings, *([order.get(name, "") for name in headings] for order in orders)]
        for order in orders:
            if order.get("工单编号") in self.books:
                self.books[order["工单编号"]].ways.append("file")
        if path.suffix == ".xlsx":
            book = Workbook()
            for row in rows:
                book.active.append(row)
            book.save(path)
        else:
            with path.open("w", encoding=encoding, newline="") as file:
                csv.writer(file).writerows(rows)
        return path

    # --- it is asked

    def takes(self, method: str, target: str, headers: Any, body: bytes) -> tuple[int, Any]:
        """Answer a request of ours: status and JSON."""
        self.asked.append(f"{method} {target}")
        if self.shut:
            return self.shut, {"error": "shut"}
        if why := self._unsigned(method, target, headers, body):
            self.complaints.append(why)
            return 401, {"error": why}
        parts = urlsplit(target)
        if parts.path == "/gate/orders":
            return 200, self._page(parse_qs(parts.query))
        if parts.path == "/gate/receipts":
            return self._note_receipts(json.loads(body))
        if parts.path == "/gate/results":
            return self._note_result(json.loads(body))
        return 404, {"error": "nothing here"}

    def _page(self, asked: dict[str, list[str]]) -> dict[str, Any]:
        first = int(asked.get("after", ["0"])[0] or 0)
        page = self.feed[first : first + int(asked["limit"][0])]
        return {"orders": page, "next": str(first + len(page))}

    def _note_receipts(self, told: dict[str, Any]) -> tuple[int, Any]:
        for number in (*told["taken"], *told["known"]):
            self.books[number].ways.append("pull")
        for refused in told["refused"]:
            if refused["number"] in self.books:
                self.books[refused["number"]].refused = refused["reason"]
        return 200, {}

    def _note_result(self, row: dict[str, str]) -> tuple[int, Any]:
        number, sequence = row["工单编号"], int(row["反馈序号"])
        if number in self.refuses:
            return 422, {"error": "工单已归档"}
        entry = self.books.get(number)
        if entry is None:
            self.complaints.append(f"no order {number}")
            return 422, {"error": "无此工单"}
        if sequence in entry.results:
            self.came_twice += 1
            if entry.results[sequence] != row:
                self.complaints.append(f"{number}: another result under number {sequence}")
        elif sequence < max(entry.results, default=0):
            self.complaints.append(f"{number}: {sequence} came late")
        entry.results[sequence] = row
        return 200, {"receipt": f"R{number}-{sequence}"}

    def _unsigned(self, method: str, target: str, headers: Any, body: bytes) -> str:
        moment, nonce = headers["Yanlu-Timestamp"] or "", headers["Yanlu-Nonce"] or ""
        wanted = self._signature(method, target, moment, nonce, body)
        if not hmac.compare_digest(wanted, headers["Yanlu-Signature"] or ""):
            return "bad signature"
        if abs(int(moment) - clock.now().timestamp()) > 300:
            return "bad moment"
        if nonce in self.nonces:
            return "a replay"
        self.nonces.add(nonce)
        return ""

    def _signature(self, method: str, path: str, moment: str, nonce: str, body: bytes) -> str:
        text = "\n".join(["v1", method, path, moment, nonce, sha256(body).hexdigest()])
        return "v1=" + hmac.new(self.secret.encode(), text.encode(), sha256).hexdigest()


@contextmanager
def running() -> Iterator[Hotline]:
    """The hotline at ``url`` until the block ends."""
    hotline = Hotline()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def _serve(self, method: str) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            is_result = self.path.endswith("/results")
            trouble = hotline.trouble.pop(0) if is_result and hotline.trouble else ""
            if trouble == "timeout":
                hotline.ended.wait(20)
            if trouble in {"timeout", "close"}:
                return
            if trouble == "http-500":
                self._answer(500, b"{}")
                return
            status, answer = hotline.takes(method, self.path, self.headers, body)
            if trouble == "lose":
                return
            content = hotline.answers.pop(0) if hotline.answers else json.dumps(answer).encode()
            self._answer(status, content)

        def _answer(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked has heard enough
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    hotline.url = f"http://127.0.0.1:{server.server_port}/gate"
    try:
        yield hotline
    finally:
        hotline.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def agree(hotline: Hotline, *options: str) -> None:
    """Set the exchange up as an operator does: both sides know the secret from now on."""
    out = io.StringIO()
    address = ("--address", hotline.url) if hotline.url else ()
    call_command("partner", CODE, "--add", NAME, *address, *options, stdout=out)
    hotline.secret = out.getvalue().strip()
