"""Collecting, merging, compiling and checking messages, on files of a small site."""

import gettext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import trans_real

from portal import catalog

TEMPLATE = """{% load i18n %}
{% comment %}Translators: a greeting on the first page{% endcomment %}
<h1 title="{% translate "A tip" %}">{% translate "Welcome" context "greeting" %}</h1>
  {% blocktranslate trimmed with name=person.name %}
    Dear {{ name }},
    it is 50% done.
  {% endblocktranslate %}
    {% blocktranslate count seats=w.n %}{{ seats }} seat{% plural %}{{ seats }} seats{% endblocktranslate %}
{% if x == "don't" %}{{ _("In a variable") }}{% endif %}{% include "x.html" with title=_("In a tag") %}
{# {% translate "Not this" %} #}
"""
PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
TITLE = _("Title")
OPEN = pgettext("a verb", "Open")
def days(n):
    # Translators: how long it takes
    return ngettext("%(n)s day", "%(n)s days", n)
"""


@pytest.fixture
def site(tmp_path, settings):
    """A site of two files, with its own catalogues."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path / "pages"]}]
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "page.html").write_text(TEMPLATE)
    (pages / "code.py").write_text(PYTHON)
    return pages


def texts(collected):
    return {(message.context, message.id) for message in collected if message.id}


def translate(language, **strings):
    """Fill in a catalogue: texts by their first word."""
    po = catalog.read(language)
    for message in po:
        first = message.id if isinstance(message.id, str) else message.id[0] if message.id else ""
        for start, string in strings.items():
            if first.startswith(start):
                message.string = string
    catalog.write(language, po)


def whole(language="pl"):
    """A catalogue with every text translated by itself."""
    call_command("catalog", "update", stdout=StringIO())
    po = catalog.read(language)
    for message in po:
        if message.id:
            message.string = message.id if isinstance(message.id, str) else (message.id[1],) * po.num_plurals
    catalog.write(language, po)


def test_collect_finds_every_kind_of_message(site):
    assert texts(catalog.collect()) == {
        (None, "A tip"),
        ("greeting", "Welcome"),
        (None, "Dear %(name)s, it is 50%% done."),
        (None, ("%(seats)s seat", "%(seats)s seats")),
        (None, "In a variable"),
        (None, "In a tag"),
        (None, "Title"),
        ("a verb", "Open"),
        (None, ("%(n)s day", "%(n)s days")),
    }


def test_collect_keeps_comments_for_translators(site):
    comments = {message.id: message.auto_comments for message in catalog.collect() if message.auto_comments}
    assert comments[("%(n)s day", "%(n)s days")] == ["Translators: how long it takes"]
    assert comments["A tip"] == ["Translators: a greeting on the first page"]


def test_update_writes_the_same_again(site):
    call_command("catalog", "update", stdout=StringIO())
    before = catalog.po_path("be").read_bytes()
    (site / "page.html").write_text("\n\n\n" + TEMPLATE)
    out = StringIO()
    call_command("catalog", "update", stdout=out)
    assert catalog.po_path("be").read_bytes() == before
    assert "be: 9 texts, 9 to translate, unchanged" in out.getvalue()


def test_update_keeps_translations_and_drops_obsolete_ones(site):
    whole()
    translate("pl", Title="Tytuł")
    (site / "page.html").write_text("{% load i18n %}{% translate 'A tip' %}{% translate 'Titles' %}")
    call_command("catalog", "update", stdout=StringIO())
    po = catalog.read("pl")
    assert po.get("Title").string == "Tytuł"
    assert po.get("Titles").string == "", "a similar sentence is another sentence"
    assert po.get("In a tag") is None
    assert not po.obsolete
    assert not any(message.fuzzy for message in po if message.id)


def test_english_is_filled_from_the_source(site):
    call_command("catalog", "update", stdout=StringIO())
    assert catalog.problems("en", catalog.collect()) == []
    assert catalog.read("en").get("Open", "a verb").string == "Open"


@pytest.mark.parametrize(
    ("language", "forms"), [("pl", 4), ("en", 2), ("uk", 4), ("be", 4), ("ru", 4), ("ar", 6)]
)
def test_plural_forms_are_those_of_django(site, language, forms):
    whole(language)
    catalog.compile_language(language)
    with catalog.po_path(language).with_suffix(".mo").open("rb") as file:
        ours = gettext.GNUTranslations(file)
    # Django merges a catalogue into its own only where the compiled rules are the same.
    if language != "en":
        assert ours.plural.__code__ == trans_real.DjangoTranslation(language).plural.__code__
    assert len(catalog.read(language).get("%(n)s day").string) == forms
    assert {ours.plural(number) for number in range(1, 200)} <= set(range(forms))


def test_compiled_messages_reach_the_page(site):
    whole()
    translate(
        "pl", Dear="%(name)s, gotowe w 50%%.", **{"%(seats)s": ("miejsce", "%(seats)s miejsca", "m", "m")}
    )
    call_command("catalog", "compile", stdout=StringIO())
    trans_real._translations.pop("pl", None)
    try:
        with translation.override("pl"):
            page = Template(TEMPLATE.replace('{% include "x.html" with title=_("In a tag") %}', ""))
            shown = page.render(Context({"person": {"name": "Oksana"}, "w": {"n": 3}, "x": 1}))
    finally:
        trans_real._translations.pop("pl", None)
    assert "Oksana, gotowe w 50%." in shown
    assert "3 miejsca" in shown


def test_compile_does_only_what_changed(site):
    whole()
    assert catalog.compile_language("pl")
    assert not catalog.compile_language("pl")


def test_check_accepts_whole_catalogues(site):
    for language in catalog.languages():
        whole(language)
    out = StringIO()
    call_command("catalog", "check", stdout=out)
    assert "whole in 6 languages" in out.getvalue()


@pytest.mark.parametrize(
    ("start", "string", "problem"),
    [
        ("Title", "", "missing: 'Title'"),
        ("Dear", "Droga %(nmae)s, 50%%.", "placeholders ['nmae'] instead of ['name']"),
        ("%(n)s", ("dzień", "%(n)s dni", "dni", "%(n)s dnia"), "placeholders [] instead of ['n']"),
        ("%(n)s", ("%(n)s dzień", "%(n)s dni", "", "%(n)s dnia"), "missing: '%(n)s day'"),
    ],
)
def test_check_finds_wrong_translations(site, start, string, problem):
    whole()
    translate("pl", **{start: string})
    assert [line for line in catalog.problems("pl", catalog.collect()) if line.startswith(problem)]


def test_check_lets_the_form_for_one_leave_the_figure_out(site):
    whole()
    translate("pl", **{"%(n)s": ("jeden dzień", "%(n)s dni", "%(n)s dni", "%(n)s dnia")})
    assert catalog.problems("pl", catalog.collect()) == []


def test_check_finds_fuzzy_and_obsolete_and_uncollected(site):
    whole()
    path = catalog.po_path("pl")
    text = path.read_text().replace('msgid "Title"', '#, fuzzy\nmsgid "Title"')
    path.write_text(text + '\nmsgid "Gone"\nmsgstr "x"\n\n#~ msgid "Long gone"\n#~ msgstr "y"\n')
    (site / "more.html").write_text("{% load i18n %}{% translate 'New' %}")
    problems = catalog.problems("pl", catalog.collect())
    assert problems == [
        "fuzzy: 'Title'",
        "not collected: 'New': run `make messages`",
        "obsolete: 'Gone'",
        "obsolete: 'Long gone'",
    ]


def test_check_finds_a_plural_form_too_few(site):
    whole()
    path = catalog.po_path("pl")
    lines = path.read_text().splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("msgstr[3]")))
    assert "missing: '%(n)s day'" in catalog.problems("pl", catalog.collect())


def test_check_finds_another_rule_for_plurals(site):
    whole()
    path = catalog.po_path("pl")
    path.write_text(path.read_text().replace("n==1 ? 0", "n!=1 ? 0"))
    assert catalog.problems("pl", catalog.collect()) == [
        "the header's Plural-Forms differ from Django's: run `make messages`"
    ]


def test_check_fails_the_command(site):
    call_command("catalog", "update", stdout=StringIO())
    with pytest.raises(CommandError, match="problems"):
        call_command("catalog", "check", stdout=StringIO())
