"""Django's admin: for administrators, with trails, and with nothing that is better done elsewhere."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.urls import reverse

from portal import messages
from portal.accounts import confirm_address
from portal.models import AuditEntry, ReadEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("who", ["migrant", "coordinator", "official", "assistant"])
def test_admin_is_not_there_for_others(client, request, who):
    client.force_login(request.getfixturevalue(who))
    for path in ("", "login/", "portal/user/", "jsi18n/"):
        assert client.get(f"/pl/admin/{path}").status_code == 404


def test_admin_sends_visitors_to_the_one_way_in(client):
    response = client.get("/pl/admin/portal/user/", follow=True)
    assert response.redirect_chain[-1][0] == "/pl/account/login/?next=/pl/admin/portal/user/"


def test_admin_holds_no_models_of_others():
    labels = {model._meta.app_label for model in admin.site._registry}
    assert labels == {"portal", "participants", "projects", "workshops", "institutions"}


def pages() -> list:
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.mark.parametrize("model", pages(), ids=lambda model: model._meta.label)
def test_list_opens_and_searches(office, model, workshop, official, assistant, migrant):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert office.get(address).status_code == 200
    assert office.get(address, {"q": "1"}).status_code == 200


@pytest.mark.parametrize("model", pages(), ids=lambda model: model._meta.label)
def test_row_opens(office, model, workshop, official, assistant, migrant):
    row = model._default_manager.first()
    if row is not None:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        assert office.get(reverse(name, args=[row.pk])).status_code == 200


def test_person_is_found_in_any_spelling(office):
    User.objects.create_user(full_name="Łucja Żółć")
    assert "Łucja" in office.get("/pl/admin/portal/user/", {"q": "lucja zolc"}).content.decode()
    assert "Łucja" in office.get("/pl/admin/portal/user/", {"q": "ŁUCJA"}).content.decode()


def person_form(user: User, **fields) -> dict:
    inline = {f"contact_preference-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    names = ("full_name", "name_original", "call_me", "email", "phone", "language")
    return inline | {name: getattr(user, name) or "" for name in names} | {"is_active": "on"} | fields


def test_change_of_a_person_is_traced_and_names_nobody(office, migrant, administrator):
    confirm_address(migrant)
    form = person_form(migrant, full_name="Łucja Nowa", email="New@Example.org")
    response = office.post(f"/pl/admin/portal/user/{migrant.pk}/change/", form)
    assert response.status_code == 302, response.context["errors"]
    migrant.refresh_from_db()
    assert (migrant.email, migrant.name_key) == ("new@example.org", "lucja nowa olena")
    assert not EmailAddress.objects.filter(user=migrant).exists(), "the new address is not yet hers"
    line = AuditEntry.objects.get(action="administration.change")
    assert line.actor_id == administrator.pk
    assert "Nowa" not in str(line.data)


def test_reading_a_person_is_traced(office, migrant, administrator):
    office.get(f"/pl/admin/portal/user/{migrant.pk}/change/")
    reading = ReadEntry.objects.get()
    assert (reading.actor_id, reading.subject_id) == (administrator.pk, migrant.pk)


def test_code_in_a_message_is_not_shown(office):
    message = messages.queue_to_address("a@b.example", key="k", subject="s", text="123456", language="pl")
    page = office.get(f"/pl/admin/portal/message/{message.pk}/change/").content.decode()
    assert "123456" not in page


@pytest.mark.parametrize(
    "path", ["portal/auditentry/add/", "projects/ledgerentry/add/", "portal/message/add/"]
)
def test_what_verbs_write_cannot_be_added(office, path):
    assert office.get(f"/pl/admin/{path}").status_code == 403
