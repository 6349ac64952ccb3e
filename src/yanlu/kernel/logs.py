"""Log lines as JSON, one object a line. Never log a text, a name or a number of a person."""

import json
import logging
import traceback
from typing import Any

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}


class JsonLine(logging.Formatter):
    """Moment, level, logger, message and whatever ``extra`` holds."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _USUAL}
        if record.exc_info:
            line["trace"] = _trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def _trace(error: BaseException | None) -> list[str]:
    """Kinds of errors and where they arose, innermost last.

    Their texts are left out: a database error quotes the values that it refused.
    """
    lines: list[str] = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        lines[:0] = [*(f"{f.filename}:{f.lineno} {f.name}" for f in frames), type(error).__name__]
        error = error.__cause__ or error.__context__
    return lines
