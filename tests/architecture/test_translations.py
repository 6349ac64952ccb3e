"""English stands in the sources, people read Chinese: nothing is left out between the two."""

import ast
import gettext
import inspect
import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.contrib import admin
from django.core.management import call_command
from django.template.base import Lexer, TokenType
from django.utils import translation

from yanlu.kernel.errors import OperatorError
from yanlu.project import catalogues
from yanlu.project.catalogues import PACKAGE, SIMPLIFIED, TRADITIONAL

LANGUAGES = (SIMPLIFIED, TRADITIONAL)
HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]")
YES_NO = re.compile(r"[^,]+,[^ ,][^,]*")
PLACEHOLDER = re.compile(r"%\(\w+\)\w|\{\w*\}")
CODE = re.compile(r"<code>.*?</code>")
SENTENCE = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}")

TEMPLATES = sorted(
    path
    for path in PACKAGE.rglob("templates/**/*")
    if path.suffix in {".html", ".txt"} and "tests" not in path.parts
)
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts)


def ids(path):
    return path.relative_to(PACKAGE).as_posix()


@pytest.fixture(scope="module", params=LANGUAGES)
def messages(request):
    return [message for message in catalogues.read(request.param) if message.id]


def texts(messages):
    """Each message with what it says in Chinese; what is still empty is the first test's matter."""
    said = [(message, text) for message in messages for text in catalogues.translations(message)]
    return [(message, text) for message, text in said if text]


# --- the catalogues


def test_both_catalogues_are_complete_and_in_step_with_the_sources():
    complaints = catalogues.complaints()
    assert not complaints, "run `yanlu messages`, then translate:\n" + "\n".join(complaints)


def test_no_english_sentence_is_left(messages):
    left = [
        text
        for message, text in texts(messages)
        if SENTENCE.search(CODE.sub("", text))
        or (has_words(catalogues.first(message)) and not HAN.search(text))
    ]
    assert set(left) <= {"n 月 j 日", "Y 年 n 月 j 日"}


def has_words(text):
    return WORD.search(PLACEHOLDER.sub("", text))


def test_every_translation_can_be_filled_in(messages):
    for message, text in texts(messages):
        if "python-format" in message.flags:
            things = (7,) * len(re.findall(r"(?<!%)%[sd]", text))
            assert text % (Anything() if "%(" in text else things)
        if "python-brace-format" in message.flags:
            assert text.format_map(Anything())


class Anything(dict):
    """Has a number for whatever is asked."""

    def __missing__(self, key):
        return 7


def test_people_are_addressed_politely_and_in_chinese_punctuation(messages):
    for message, text in texts(messages):
        assert "你" not in text, text
        if not YES_NO.fullmatch(catalogues.first(message)):
            assert not re.search(r"[\u3400-\u9fff] ?[,;:?!]", text), text
        assert not re.search(r"[\u3400-\u9fff]\.(\s|$)", text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_says_what_was_written(language):
    with catalogues.compile_one(language).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    tab = next(m for m in catalogues.read(language) if m.id == "Hand in" and m.context == "tab")
    assert compiled.pgettext("tab", "Hand in") == tab.string
    assert compiled.ngettext(
        "by %(day)s, %(count)d working day left", "by %(day)s, %(count)d working days left", 3
    ).endswith("工作日")


# --- how they come about


def catalogue(*rows):
    made = Catalog(SIMPLIFIED)
    for text, string in rows:
        made.add(text, string)
    return made


def test_a_new_text_comes_in_empty_and_an_old_one_keeps_its_translation():
    known = catalogue(("Accept", "接收"), ("Gone", "不再"))
    now = catalogues.updated(catalogue(("Accept", ""), ("Return", "")), known)
    assert {message.id: message.string for message in now if message.id} == {
        "Accept": "接收",
        "Return": "",
    }
    assert list(catalogues.unfinished("zh_Hans", now)) == ["zh_Hans: untranslated: 'Return'"]


def test_a_text_that_gains_a_plural_is_translated_anew():
    known = catalogue(("%(n)s day left", "还有 %(n)s 天"))
    now = catalogues.updated(catalogue((("%(n)s day left", "%(n)s days left"), "")), known)
    assert len(list(catalogues.unfinished("zh_Hans", now))) == 1
    assert list(catalogues.out_of_step("zh_Hans", now, known)) == [
        "zh_Hans: missing: '%(n)s day left'",
        "zh_Hans: obsolete: '%(n)s day left'",
    ]


@pytest.mark.parametrize(
    ("text", "string"),
    [
        ("by %(day)s", "到期前"),
        ("by %(day)s", "%(days)s前"),
        ("%(left)d tries", "%(left)s 次"),
        ("all of %s", "全部"),
        ("{n} characters", "{m} 字"),
        ("Read <strong>this</strong>", "请看这里"),
        ("recognised,not recognised", "认定，不认定"),
    ],
)
def test_a_translation_that_loses_a_placeholder_is_refused(text, string):
    wrong = list(catalogues.unfinished("zh_Hans", catalogue((text, string))))
    assert wrong == [f"zh_Hans: placeholders differ: {text!r}"]


def test_a_doubtful_translation_is_refused():
    doubtful = catalogue(("Accept", "接受"))
    doubtful["Accept"].flags.add("fuzzy")
    assert list(catalogues.unfinished("zh_Hans", doubtful)) == ["zh_Hans: fuzzy: 'Accept'"]


def test_traditional_chinese_is_converted_but_for_what_people_wrote():
    simplified = catalogue(("Sign in", "登录"), ("Rights", "“权限”"), ("Grid", "网格"))
    overrides = catalogue(("Grid", "網格"))
    made = catalogues.converted(simplified, overrides)
    assert {message.id: message.string for message in made if message.id} == {
        "Sign in": "登入",
        "Rights": "「權限」",
        "Grid": "網格",
    }


def test_functions_are_known_by_the_names_under_which_they_are_imported():
    found = catalogues.in_python(
        "from django.utils.translation import gettext_noop as said, ngettext\n"
        "from elsewhere import gettext\n"
        "A = said('kept ' 'whole')\n"
        "B = ngettext('%(n)d row', '%(n)d rows', 2)\n"
        "C = gettext('not ours')\n"
    )
    assert [text for _line, text, _notes, _context in found] == [
        "kept whole",
        ("%(n)d row", "%(n)d rows"),
    ]


def test_templates_are_read_with_contexts_plurals_and_constants():
    found = catalogues.in_template(
        '  {% translate "Mine" context "tab" %}\n'
        "{% blocktranslate trimmed count n=n %}\n    {{ n }} row\n  {% plural %}\n"
        "    {{ n }} rows\n{% endblocktranslate %}\n"
        '{{ unit|default:_("No unit yet") }} don\'t mind "me\n',
        "some.html",
    )
    assert [(text, context) for _line, text, _notes, context in found] == [
        ("Mine", "tab"),
        (("%(n)s row", "%(n)s rows"), None),
        ("No unit yet", None),
    ]


def test_the_command_checks(capsys):
    call_command("messages", check=True)
    assert "All messages are translated" in capsys.readouterr().out


# --- nothing unmarked


#: Names, and what is to be typed as it stands.
ALLOWED = {"Yanlu", "言路", "7K2M-9QXW-4TBD"}
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}
NOTHING_SPOKEN = {"script", "style", "kbd", "code"}


class Visible(HTMLParser):
    """Gathers what a person sees or hears of a page."""

    def __init__(self):
        super().__init__()
        self.within, self.said = [], []

    def handle_starttag(self, tag, attrs):
        self.within.append(tag)
        for name, value in attrs:
            is_description = tag == "meta" and ("name", "description") in attrs
            if name in SPOKEN or (name == "content" and is_description):
                self.said.append(value or "")
            elif name.startswith("data-") and SENTENCE.search(value or ""):
                self.said.append(value)

    def handle_endtag(self, tag):
        while tag in self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data):
        if not NOTHING_SPOKEN.intersection(self.within[-1:]):
            self.said.append(data)


def unmarked(source):
    """What a template says without a mark for translation."""
    page, constants, inside = [], [], ""
    for token in Lexer(source).tokenize():
        words = token.contents.split(maxsplit=1) or [""]
        if token.token_type == TokenType.BLOCK and inside:
            inside = "" if words[0] == f"end{inside}" else inside
        elif token.token_type == TokenType.BLOCK and is_opaque(*words):
            inside = words[0]
        elif not inside and token.token_type == TokenType.TEXT:
            page.append(token.contents)
        elif not inside and token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            constants += constants_of(token.contents)
    parser = Visible()
    parser.feed("".join(page))
    parser.close()
    return [text.strip() for text in [*parser.said, *constants] if is_spoken(text)]


def is_opaque(tag, argument=""):
    """Whether the block's contents are translated, never shown, or names of classes."""
    is_hidden = tag in {"blocktranslate", "comment", "verbatim"}
    return is_hidden or (tag == "block" and argument.endswith("_class"))


CONSTANT = re.compile(r"""(?<!_\()(?:"([^"]*)"|'([^']*)')""")


def constants_of(tag):
    """Quoted texts of more than one word within a tag that does not translate."""
    if tag.startswith("translate "):
        return []
    found = ["".join(pair) for pair in CONSTANT.findall(tag)]
    return [text for text in found if SENTENCE.search(text) or HAN.search(text)]


def is_spoken(text):
    for name in ALLOWED:
        text = text.replace(name, "")
    return bool(WORD.search(text))


@pytest.mark.parametrize("path", TEMPLATES, ids=ids)
def test_every_word_of_a_template_is_marked(path):
    assert unmarked(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ("<p>您好</p>", ["您好"]),
        ('<img alt="A photo">', ["A photo"]),
        ('{% include "x.html" with title="Nothing here" %}', ["Nothing here"]),
        ('{{ unit|default:"no unit" }}', ["no unit"]),
        ('{{ unit|default:_("no unit") }}', []),
        ('<p>{% translate "Hello there" %} · {{ name }} 12:30</p>', []),
        (
            '<p title="{{ a }}" class="a b">{% blocktranslate %}Hi {{ x }} you{% endblocktranslate %}',
            [],
        ),
        ("<script>let all = words here</script><kbd>Enter</kbd>", []),
    ],
)
def test_an_unmarked_word_is_found(source, said):
    assert unmarked(source) == said


#: Whatever is handed to these is read by a person.
SPEAKERS = {
    "Refused", "Invalid", "NotFound", "NotAllowed", "Conflict", "TooMany", "ValidationError",
    "messages.success", "messages.info", "messages.warning", "messages.error",
}  # fmt: skip
SILENT = {"migrations", "models", "models.py"}
SPEAKING = [path for path in MODULES if not SILENT.intersection(path.parts)]
LABELS = {"label", "help_text", "empty_label"}


@pytest.mark.parametrize("path", SPEAKING, ids=ids)
def test_what_python_says_to_a_person_is_marked(path):
    tree = ast.parse(path.read_text("utf-8"))
    said = [text for call in ast.walk(tree) if isinstance(call, ast.Call) for text in spoken(call)]
    assert [ast.unparse(text) for text in said if is_bare(text)] == []


def spoken(call):
    yield from (word.value for word in call.keywords if word.arg in LABELS)
    if ast.unparse(call.func) in SPEAKERS:
        yield from call.args


def is_bare(node):
    text = node.value if isinstance(node, ast.Constant) else ""
    return isinstance(node, ast.JoinedStr) or (isinstance(text, str) and " " in text)


@pytest.mark.parametrize("path", MODULES, ids=ids)
def test_only_whole_texts_are_marked(path):
    """What is put together before it is translated stands in no catalogue."""
    tree = ast.parse(path.read_text("utf-8"))
    functions = catalogues.translation_functions(tree)
    texts = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in functions
    ]
    assert [ast.unparse(text) for text in texts if is_assembled(text)] == []


def is_assembled(node):
    is_filled = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "format"
    return is_filled or isinstance(node, ast.JoinedStr | ast.BinOp)


# --- what others say through us


FRAMEWORK_MODULES = [
    "django.core.validators",
    "django.forms.fields",
    "django.forms.forms",
    "django.forms.models",
    "django.contrib.auth.forms",
    "django.contrib.auth.password_validation",
    "django.contrib.admin.forms",
    "django.contrib.admin.options",
    "allauth.account.adapter",
    "allauth.account.forms",
    "allauth.mfa.adapter",
    "allauth.mfa.base.forms",
    "allauth.mfa.totp.forms",
]
FRAMEWORK_PAGES = [
    "admin/app_list.html",
    "admin/base_site.html",
    "admin/change_form.html",
    "admin/change_list.html",
    "admin/delete_confirmation.html",
    "admin/login.html",
    "admin/object_history.html",
    "registration/password_change_form.html",
]
SAME_IN_CHINESE = {":", "IPv4", "IPv6", "%(class_name)s %(instance)s"}


def left_in_english(found, language):
    with translation.override(language):
        return [
            text
            for _line, text, _notes, context in found
            if text not in SAME_IN_CHINESE and not HAN.search(in_chinese(text, context))
        ]


def in_chinese(text, context):
    if isinstance(text, tuple):
        return translation.ngettext(*text, 3)
    return translation.pgettext(context, text) if context else translation.gettext(text)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
@pytest.mark.parametrize("name", FRAMEWORK_MODULES)
def test_frameworks_speak_chinese_too(name, language):
    source = inspect.getsource(import_module(name))
    assert left_in_english(catalogues.in_python(source), language) == []


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
@pytest.mark.parametrize("name", FRAMEWORK_PAGES)
def test_the_editor_speaks_chinese_too(name, language):
    page = Path(inspect.getfile(admin)).parent / "templates" / name
    assert left_in_english(catalogues.in_template(page.read_text("utf-8"), name), language) == []


def test_a_gap_ends_the_check_with_a_complaint(monkeypatch, tmp_path):
    """An empty folder of catalogues: every text is missing."""
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    with pytest.raises(OperatorError, match="complaints about messages"):
        call_command("messages", check=True)
