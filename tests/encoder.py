"""A small server on loopback that speaks OpenAI's API for embeddings, well or badly."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

#: Words that this encoder takes for the same: it knows that a dark path is a broken lamp.
MEANING = (("路灯", "黑漆漆", "看不见路", "lamp"), ("噪声", "打桩", "吵"), ("电梯",))


class FakeEncoder:
    """What it was asked, and how it is to answer."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.answers: list[tuple[int, bytes]] = []
        self.url = ""

    def answer(self, body: dict[str, Any]) -> tuple[int, bytes]:
        if self.answers:
            return self.answers.pop(0)
        data = [
            {"index": place, "embedding": _meaning(text)}
            for place, text in enumerate(body["input"])
        ]
        return 200, json.dumps({"data": data[::-1]}).encode()


@contextmanager
def running() -> Iterator[FakeEncoder]:
    """The server at ``url`` until the block ends."""
    fake = FakeEncoder()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append({"path": self.path, **body})
            fake.keys.append(self.headers.get("Authorization"))
            status, told = fake.answer(body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            if status == 302:
                self.send_header("Location", told.decode())
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}/v1#tiny"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _meaning(text: str) -> list[float]:
    return [float(any(word in text for word in words)) for words in MEANING] + [0.1]
