from urllib.parse import unquote

import pytest

from projects import founding
from tests import factories

LANGUAGES = ("pl", "en", "uk", "be", "ru", "ar")


@pytest.fixture
def founding_projects(db):
    return founding.load_founding_projects()


@pytest.mark.parametrize("language", LANGUAGES)
def test_show_project_in_each_language(client, founding_projects, language):
    project = founding_projects[0]
    page = client.get(f"/{language}/projects/organizing/").content.decode()
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}"' in page
    assert getattr(project, f"title_{language}") in page
    assert getattr(project, f"problem_{language}").split("\n")[0] in page


@pytest.mark.parametrize(
    "figure",
    [
        "76,600.00 EUR",
        "75,000.00 EUR",
        "160 h",
        "8 to 12",
        "190",
        "Toruń",
        "kujawsko-pomorskie",
        "2 November 2021",
    ],
)
def test_show_organizing_with_its_figures(client, founding_projects, figure):
    assert figure in client.get("/en/projects/organizing/").content.decode()


@pytest.mark.parametrize("figure", ["69,419.00 EUR", ">129<", ">120<", ">441<", ">16<", ">600<", "Białystok"])
def test_show_womens_power_with_its_figures(client, founding_projects, figure):
    assert figure in client.get("/en/projects/womens-power/").content.decode()


def test_show_project_links_to_every_section_it_has(client, founding_projects):
    page = client.get("/en/projects/organizing/").content.decode()
    for section in ("facts", "problem", "activities", "results", "figures", "themes", "share"):
        assert f'href="#{section}"' in page
        assert f'id="{section}"' in page


def test_show_project_can_be_shared_with_plain_links(client, founding_projects):
    page = unquote(client.get("/en/projects/organizing/").content.decode())
    for start in ("mailto:?subject=", "https://wa.me/?text=", "https://t.me/share/url?url="):
        link = page[page.index(start) :].split('"')[0]
        assert "http://testserver/en/projects/organizing/" in link


def test_show_project_marks_a_text_in_another_language(client, db):
    factories.make_project(slug="one", title_pl="Po polsku", title_en="")
    page = client.get("/uk/projects/one/").content.decode()
    assert '<span lang="pl" dir="ltr" class="other-language">Po polsku</span>' in page


def test_show_unpublished_project_is_not_found(client, db):
    factories.make_project(slug="draft", is_published=False)
    assert client.get("/en/projects/draft/").status_code == 404
    assert client.get("/en/projects/draft/pdf/").status_code == 404


def test_list_shows_published_projects_only(client, founding_projects):
    factories.make_project(title_en="Still a secret", is_published=False)
    page = client.get("/en/projects/").content.decode()
    assert founding_projects[0].title_en in page
    assert founding_projects[1].title_en.replace("'", "&#x27;") in page
    assert "Still a secret" not in page


@pytest.mark.parametrize("projects", [1, 30])
def test_list_takes_one_query(client, db, django_assert_num_queries, projects):
    for _number in range(projects):
        factories.make_project()
    with django_assert_num_queries(1):
        client.get("/en/projects/")


@pytest.mark.parametrize("rows", [1, 30])
def test_show_project_takes_the_same_queries_with_any_number_of_rows(
    client, project, django_assert_num_queries, rows
):
    for _number in range(rows):
        factories.make_theme(project)
        factories.make_indicator(project, counts="unique_persons")
    with django_assert_num_queries(6):
        client.get(f"/en/projects/{project.slug}/")
