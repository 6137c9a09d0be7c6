"""The message catalogues: collected, merged, compiled and checked without the gettext programs.

Babel reads the sources, Django's own ``templatize`` the templates. Merging is exact: a changed sentence is a
new sentence, and a translation that no longer belongs to any is dropped (git remembers it).
"""

import gettext
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import django
from babel.messages import Catalog, Message
from babel.messages.extract import extract, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE_LANGUAGE = "en"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ["Translators"]
SKIPPED = {"migrations", "__pycache__", "static"}
# Headers that change with the clock or the person, and say nothing.
IDLE_HEADER = re.compile(
    r'"(Project-Id|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By|Report)'
)
PLACEHOLDER = re.compile(r"%\((\w+)\)|(?<!%)(?:%%)*(%[sd])|\{(\w+)\}")
TAG = re.compile(r"</?[a-z]\w*")


def languages() -> list[str]:
    return [code for code, name in settings.LANGUAGES]


def po_path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


# --- Collecting --------------------------------------------------------------------------------------------


def extract_template(fileobj, keywords, comment_tags, options) -> Iterator[tuple]:
    """Babel's extraction method for Django templates."""
    code = templatize(fileobj.read().decode())
    # What is left of the template around the calls is no Python, but its words and line ends pass for it;
    # its indentation does not.
    code = re.sub(r"^[ \t]+", "", code, flags=re.MULTILINE)
    return extract_python(BytesIO(code.encode()), keywords, comment_tags, {"encoding": "utf-8"})


def source_files() -> list[Path]:
    """Every Python file and template of our own, in a stable order."""
    roots = {Path(app.path) for app in apps.get_app_configs()}
    roots |= {Path(directory) for engine in settings.TEMPLATES for directory in engine["DIRS"]}
    own = [root for root in roots if root.is_relative_to(settings.BASE_DIR) and ".venv" not in root.parts]
    files = {
        path
        for root in own
        for path in root.rglob("*")
        if path.suffix in {".py", ".html", ".txt"} and not SKIPPED.intersection(path.parts)
    }
    return sorted(files)


def collect(files: Iterable[Path] | None = None) -> Catalog:
    """All messages of the sources, ordered by file and text, so that moving code moves nothing."""
    found: dict[tuple, Message] = {}
    for path in source_files() if files is None else files:
        method = "python" if path.suffix == ".py" else extract_template
        name = (
            path.relative_to(settings.BASE_DIR).as_posix()
            if path.is_relative_to(settings.BASE_DIR)
            else path.name
        )
        with path.open("rb") as source:
            for _line, text, comments, context in extract(method, source, KEYWORDS, COMMENT_TAGS):
                message = found.setdefault(_key(text, context), Message(text, context=context))
                if isinstance(text, tuple) and isinstance(message.id, str):
                    message = found[_key(text, context)] = Message(
                        text, context=context, locations=message.locations
                    )
                if (name, None) not in message.locations:
                    message.locations.append((name, None))
                message.auto_comments += [
                    comment for comment in comments if comment not in message.auto_comments
                ]
    catalog = Catalog(project=settings.SITE_NAME)
    for message in sorted(found.values(), key=lambda one: (one.locations[0][0], _key(one.id, one.context))):
        catalog.add(
            message.id,
            locations=message.locations,
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return catalog


def _key(text: str | tuple[str, ...], context: str | None) -> tuple[str, str]:
    return (text if isinstance(text, str) else text[0], context or "")


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


# --- Merging -----------------------------------------------------------------------------------------------


@cache
def plural_forms(language: str) -> str:
    """Django's own rule for the language: a catalogue with another would not merge with Django's."""
    path = Path(django.__file__).parent / "conf" / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language).plural_forms


def read(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def merge(language: str, collected: Catalog, previous: Catalog) -> Catalog:
    """The collected messages with the translations that belong to exactly them."""
    merged = Catalog(locale=language, project=settings.SITE_NAME, fuzzy=False)
    merged.mime_headers = [("Plural-Forms", plural_forms(language))]
    for message in _messages(collected):
        before = previous.get(message.id, message.context)
        kept = (
            before
            if before is not None and isinstance(before.id, str) == isinstance(message.id, str)
            else None
        )
        string = kept.string if kept is not None else None
        if not _is_translated(string) and language == SOURCE_LANGUAGE:
            string = message.id
        if string is None:
            string = "" if isinstance(message.id, str) else ("",) * merged.num_plurals
        merged.add(
            message.id,
            string,
            locations=message.locations,
            flags=kept.flags if kept is not None else (),
            auto_comments=message.auto_comments,
            user_comments=kept.user_comments if kept is not None else (),
            context=message.context,
        )
    return merged


def _is_translated(string: str | Iterable[str] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


def write(language: str, catalog: Catalog) -> bool:
    """Write the catalogue; True when that changed it."""
    output = BytesIO()
    write_po(output, catalog, width=100, include_lineno=False, omit_header=False, ignore_obsolete=True)
    lines = output.getvalue().decode().splitlines(keepends=True)
    body = lines[next(number for number, line in enumerate(lines) if line.startswith("msgid")) :]
    text = "".join(line for line in body if not IDLE_HEADER.match(line))
    path = po_path(language)
    if path.exists() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return True


# --- Compiling ---------------------------------------------------------------------------------------------


def compile_language(language: str) -> bool:
    """Compile the catalogue if it is newer than what was compiled from it; True when it was."""
    source = po_path(language)
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        return False
    unfinished = target.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        write_mo(file, read(language))
    unfinished.replace(target)
    return True


# --- Checking ----------------------------------------------------------------------------------------------


def problems(language: str, collected: Catalog) -> list[str]:
    """Everything that keeps a catalogue from being whole, a line each."""
    catalog = read(language)
    if catalog.plural_forms != plural_forms(language):
        return ["the header's Plural-Forms differ from Django's: run `make messages`"]
    single = _counts_of_single_numbers(language)
    found = []
    for message in _messages(collected):
        translated = catalog.get(message.id, message.context)
        label = repr(_key(message.id, None)[0])
        if translated is None or isinstance(translated.id, str) != isinstance(message.id, str):
            found.append(f"not collected: {label}: run `make messages`")
        elif translated.fuzzy:
            found.append(f"fuzzy: {label}")
        elif not _is_translated(translated.string):
            found.append(f"missing: {label}")
        else:
            found += [f"{problem}: {label}" for problem in _mismatches(message, translated, single)]
    wanted = {_key(message.id, message.context) for message in _messages(collected)}
    extra = [message for message in _messages(catalog) if _key(message.id, message.context) not in wanted]
    found += [f"obsolete: {message.id!r}" for message in [*extra, *catalog.obsolete.values()]]
    return found


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def _counts_of_single_numbers(language: str) -> set[int]:
    """The plural forms that stand for one number only ("one seat"): they may leave the figure out."""
    rule = gettext.c2py(plural_forms(language).split("plural=", 1)[1].rstrip(";\n"))
    forms = [rule(number) for number in range(1000)]
    return {form for form in set(forms) if forms.count(form) == 1}


def _mismatches(message: Message, translated: Message, single: set[int]) -> Iterator[str]:
    source = message.id if isinstance(message.id, str) else message.id[-1]
    for form, string in enumerate(_strings(translated)):
        ours, theirs = _placeholders(source), _placeholders(string)
        may_omit = not isinstance(message.id, str) and form in single
        if theirs != ours and not (may_omit and theirs < ours):
            yield f"placeholders {sorted(theirs)} instead of {sorted(ours)}"
        if sorted(TAG.findall(string)) != sorted(TAG.findall(source)):
            yield "other tags"
        if (string[:1] == "\n", string[-1:] == "\n") != (source[:1] == "\n", source[-1:] == "\n"):
            yield "line end at one end only"


def _placeholders(text: str) -> set[str]:
    return {next(filter(None, groups)) for groups in PLACEHOLDER.findall(text)}
