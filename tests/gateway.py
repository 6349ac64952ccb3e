"""Gateways for messages on loopback: one for text messages and WeChat, one for e-mail.

They work well or badly, as a story wants it, and check signatures in their own way.
"""

import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "between-the-two-of-us"
#: What can go wrong with a message: ``lose`` takes it and loses its own answer.
TROUBLE = ("http-500", "http-422", "timeout", "lose")


@dataclass
class Gateway:
    """What was taken, by its key; what is to go wrong next; what is complained of."""

    url: str = ""
    taken: dict[str, dict[str, str]] = field(default_factory=dict)
    came: list[dict[str, str]] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    is_down: bool = False
    complaints: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def texts(self) -> list[str]:
        """What people read, each message once."""
        return [one["text"] for one in self.taken.values()]

    def takes(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str]] | None:
        """Answer a message; ``None`` for no answer at all."""
        if self.is_down:
            return 503, {}
        if why := self._unsigned(path, headers, body):
            self.complaints.append(why)
            return 401, {}
        wrong = self.trouble.pop(0) if self.trouble else ""
        message = json.loads(body)
        self.came.append(message)
        if wrong.startswith("http-"):
            return int(wrong[5:]), {}
        if wrong == "timeout":
            self.ended.wait(5)
            return None
        self.taken.setdefault(message["id"], message)
        receipt = f"R{list(self.taken).index(message['id']) + 1:04d}"
        return None if wrong == "lose" else (200, {"receipt": receipt})

    @staticmethod
    def _unsigned(path: str, headers: Any, body: bytes) -> str:
        lines = ["v1", "POST", path, headers["Yanlu-Timestamp"], headers["Yanlu-Nonce"]]
        lines.append(sha256(body).hexdigest())
        mac = hmac.new(SECRET.encode(), "\n".join(lines).encode(), sha256).hexdigest()
        return "" if headers["Yanlu-Signature"] == f"v1={mac}" else "signature"


@contextmanager
def open_gateway() -> Iterator[Gateway]:
    """A gateway that listens until the block ends."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = gateway.takes(self.path, self.headers, body)
            if answer is None:
                self.close_connection = True
                return
            status, content = answer
            sent = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with _served(server):
        gateway.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield gateway
        gateway.ended.set()


@dataclass
class Post:
    """An SMTP server's mail: whom to, and what as people read it; ``refuses`` names recipients."""

    url: str = ""
    mails: list[tuple[str, str, str]] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)


class _Smtp(socketserver.StreamRequestHandler):
    """As little of SMTP (RFC 5321) as takes a mail."""

    post: Post

    def handle(self) -> None:
        self._say("220 post")
        to = ""
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "RCPT":
                to = line[line.index("<") + 1 : line.index(">")]
                self._say("550 nobody" if to in self.post.refuses else "250 fine")
            elif word == "DATA":
                self._say("354 go on")
                self._keep(to)
                self._say("250 taken")
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _keep(self, to: str) -> None:
        lines = []
        while (line := self.rfile.readline()).strip(b"\r\n") != b".":
            lines.append(line)
        mail = message_from_bytes(b"".join(lines))
        subject = str(make_header(decode_header(mail["Subject"])))
        text = mail.get_payload(decode=True)
        assert isinstance(text, bytes)
        self.post.mails.append((to, subject, text.decode().strip()))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def open_post() -> Iterator[Post]:
    """An SMTP server that listens until the block ends."""
    post = Post()

    class Handler(_Smtp):
        pass

    Handler.post = post
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with _served(server):
        post.url = f"smtp://127.0.0.1:{server.server_address[1]}"
        yield post


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        with suppress(OSError):
            server.shutdown()
        server.server_close()
        thread.join()
