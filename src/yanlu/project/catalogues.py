"""The catalogues of messages: English stands in the sources, people read Chinese.

Simplified Chinese is translated by people. Traditional Chinese is converted from it, for readers
in Taiwan and Hong Kong alike, but for the few texts of ``zh_Hant/overrides.po`` that read wrong
after conversion. All of it is done by Babel and OpenCC, so no GNU gettext is needed.
"""

import ast
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from yanlu.textkit.characters import traditional

Keyword = tuple[int | tuple[int, int] | tuple[int, str], ...]
Found = Iterable[tuple[int, str | tuple[str, ...], list[str], str | None]]

PACKAGE = Path(__file__).resolve().parents[1]
LOCALE = PACKAGE / "web" / "locale"
#: Translated by people, and converted from that.
SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"

#: Django's functions, and which of their arguments are texts (``c``: the context).
FUNCTIONS: dict[str, Keyword] = {
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
IN_TEMPLATES: dict[str, Keyword] = {**FUNCTIONS, "_": (1,)}
NOTE = "Translators:"

#: Texts of Django's, with their contexts, that reach people and that its own Chinese catalogue
#: lacks or words badly.
BORROWED: tuple[tuple[str | tuple[str, str], str | None], ...] = (
    ("%(truncated_text)s…", "String to return when truncating text"),
    ("Add link", None),
    ("Change or view list link", None),
    ("Error:", None),
    ("Forgotten your login credentials?", None),
    ("Model name", None),
    (
        (
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
        ),
        None,
    ),
    ("This field is required.", None),
)

_HEADER = """\
# {title}
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
_TITLES = {
    SIMPLIFIED: "Simplified Chinese, translated by people; `yanlu messages` keeps it in step.",
    TRADITIONAL: "Made by `yanlu messages` from zh_Hans and overrides.po: change those.",
}
#: What has to stand in a text and in its translation alike: things to fill in, markup, and the
#: comma between the answers of the filter ``yesno``.
_MARKS = re.compile(
    r"%\(\w+\)[-#0 +]?[\d.]*[a-zA-Z]|%%|%[a-zA-Z]|\{\w*[^{}]*\}|</?\w+|,(?=[^\W\d])"
)


def catalogue_file(language: str) -> Path:
    """Where a language's catalogue stands."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """A language's catalogue as it stands."""
    return _read(catalogue_file(language), language)


def read_overrides() -> Catalog:
    """Texts in Traditional Chinese that are written by people after all."""
    return _read(LOCALE / TRADITIONAL / "overrides.po", TRADITIONAL)


def _read(path: Path, language: str) -> Catalog:
    text = path.read_bytes() if path.exists() else b""
    return read_po(io.BytesIO(text), locale=language, abort_invalid=True)


# --- what stands in the sources


def in_sources() -> Catalog:
    """Every text that is marked for translation, with the files where it stands."""
    found = Catalog(SIMPLIFIED)
    for borrowed, context in BORROWED:
        found.add(borrowed, locations=[("django", 0)], context=context)
    for path in sorted(PACKAGE.rglob("*")):
        for _line, text, notes, context in _texts_of(path):
            place = path.relative_to(PACKAGE.parent).as_posix()
            found.add(text, locations=[(place, 0)], auto_comments=notes, context=context)
    return found


def _texts_of(path: Path) -> Found:
    if path.suffix == ".py" and "tests" not in path.parts:
        return in_python(path.read_text("utf-8"))
    if path.suffix in {".html", ".txt"} and "templates" in path.parts:
        return in_template(path.read_text("utf-8"), str(path))
    return []


def in_python(source: str) -> Found:
    """The texts that a module marks: line, text (a pair with its plural), notes, context."""
    tree, lines = ast.parse(source), source.splitlines()
    functions = translation_functions(tree)
    for call in _calls(tree):
        spec = functions.get(_called(call), ())
        texts = [_plain(argument) for argument in call.args[: len(spec)]]
        if spec and len(texts) == len(spec) and all(texts):
            context = texts.pop(0) if spec[0] == (1, "c") else None
            text = texts[0] if len(texts) == 1 else tuple(texts)
            yield call.lineno, text, _notes_above(lines, call.lineno), context


def translation_functions(tree: ast.Module) -> dict[str, Keyword]:
    """Django's functions under the names by which this module imports them."""
    return {
        name.asname or name.name: FUNCTIONS[name.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in FUNCTIONS
    }


def _calls(tree: ast.Module) -> list[ast.Call]:
    """Every call in the order of the source."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _plain(argument: ast.expr) -> str:
    """The text itself; empty for one that only a running program knows."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    return ""


def _notes_above(lines: list[str], number: int) -> list[str]:
    above = lines[number - 2].strip() if number > 1 else ""
    return [above.removeprefix(f"# {NOTE}").strip()] if above.startswith(f"# {NOTE}") else []


def in_template(source: str, origin: str) -> Found:
    """The texts that a template marks; Django makes calls of functions out of the tags."""
    # What stands between the calls is no Python, above all not indented like it.
    calls = "\n".join(line.lstrip() for line in templatize(source, origin).splitlines())
    text = io.BytesIO(calls.encode())
    return extract("python", text, IN_TEMPLATES, (NOTE,), strip_comment_tags=True)


# --- catalogues from catalogues


def updated(found: Catalog, known: Catalog) -> Catalog:
    """The texts of the sources with the translations known so far; what is obsolete is gone."""
    catalogue = Catalog(known.locale)
    for message in _messages(found):
        old = known.get(message.id, message.context)
        new = message.clone()
        if old and old.pluralizable == message.pluralizable:
            new.string = old.string
            new.user_comments = old.user_comments
            new.flags |= old.flags & {"fuzzy"}
        catalogue[new.id] = new
    return catalogue


def converted(simplified: Catalog, overrides: Catalog) -> Catalog:
    """The same catalogue in Traditional Chinese."""
    catalogue = Catalog(TRADITIONAL)
    for message in _messages(simplified):
        new = message.clone()
        new.user_comments = []
        own = overrides.get(message.id, message.context)
        texts = tuple(traditional(text) for text in translations(message))
        new.string = own.string if own else (texts if message.pluralizable else texts[0])
        catalogue[new.id] = new
    return catalogue


def _messages(catalogue: Catalog) -> Iterator[Message]:
    """All but the header."""
    return (message for message in catalogue if message.id)


def first(message: Message) -> str:
    """The text, or its singular."""
    return str(message.id[0] if message.pluralizable else message.id)


# --- files


def write(catalogue: Catalog, language: str) -> None:
    """Write a language's catalogue, sorted and without line numbers, so that diffs stay small."""
    text = io.BytesIO()
    text.write(_HEADER.format(title=_TITLES[language], language=language).encode())
    write_po(text, catalogue, width=0, omit_header=True, sort_output=True, include_lineno=False)
    path = catalogue_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.getvalue().rstrip() + b"\n")


def compile_all() -> list[Path]:
    """Compile every catalogue beside itself; returns the files that came of it."""
    return [compile_one(language) for language in (SIMPLIFIED, TRADITIONAL)]


def compile_one(language: str) -> Path:
    """Compile a language's catalogue; a running server reads the old file or the new one."""
    compiled = catalogue_file(language).with_suffix(".mo")
    fresh = compiled.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, read(language))
    fresh.replace(compiled)
    return compiled


# --- what is wrong


def complaints() -> list[str]:
    """Everything that keeps the catalogues from being whole, a line each."""
    found, simplified = in_sources(), read(SIMPLIFIED)
    traditional, overrides = read(TRADITIONAL), read_overrides()
    return [
        *out_of_step(SIMPLIFIED, found, simplified),
        *unfinished(SIMPLIFIED, simplified),
        *unfinished("overrides", overrides),
        *(f"overrides: obsolete: {name(m)}" for m in _only_in(overrides, found)),
        *_stale(converted(simplified, overrides), traditional),
    ]


def unfinished(language: str, catalogue: Catalog) -> Iterator[str]:
    """Texts without a translation, with a doubtful one, or with one that loses a placeholder."""
    for message in _messages(catalogue):
        if not all(translations(message)):
            yield f"{language}: untranslated: {name(message)}"
        elif message.fuzzy:
            yield f"{language}: fuzzy: {name(message)}"
        elif any(_marks(text) != _marks(_last(message)) for text in translations(message)):
            yield f"{language}: placeholders differ: {name(message)}"


def translations(message: Message) -> tuple[str, ...]:
    """The one translation, or one for each plural form (Chinese has a single form)."""
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string[:1])


def name(message: Message) -> str:
    """How a complaint names a message."""
    return repr(first(message)) + (f" ({message.context})" if message.context else "")


def _last(message: Message) -> str:
    """The text, or its plural, which names the number where the singular may not."""
    return str(message.id[-1] if message.pluralizable else message.id)


def _marks(text: str) -> list[str]:
    return sorted(_MARKS.findall(text))


def out_of_step(language: str, found: Catalog, known: Catalog) -> Iterator[str]:
    for message in _only_in(found, known):
        yield f"{language}: missing: {name(message)}"
    for message in _only_in(known, found):
        yield f"{language}: obsolete: {name(message)}"


def _only_in(these: Catalog, those: Catalog) -> Iterator[Message]:
    """A text that has a plural here only is another one: it would not be found when asked for."""
    for message in _messages(these):
        other = those.get(message.id, message.context)
        if other is None or other.id != message.id:
            yield message


def _stale(fresh: Catalog, written: Catalog) -> Iterator[str]:
    yield from out_of_step(TRADITIONAL, fresh, written)
    for message in _messages(fresh):
        old = written.get(message.id, message.context)
        if old and translations(old) != translations(message):
            yield f"{TRADITIONAL}: stale: {name(message)}"
