"""Who is not sent where any more: wished by officials, decided by coordinators, told to nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from institutions import blocks, matching, offers
from institutions.models import AssistanceRequest, Attempt, Block, BlockWish, Offer
from institutions.transitions import NotYours, ReasonNeeded
from portal.models import AuditEntry, Message, ReadEntry
from tests import factories
from tests.institutions.afterwards import make_job

pytestmark = pytest.mark.django_db
FROM_ABOVE = (
    "The network has no other coordinator who may decide it. "
    "So we ask you, as an administrator of the portal."
)


@pytest.fixture
def wish(job, official):
    return blocks.wish(job, by=official)


def test_wish_waits_for_a_coordinator(job, official, coordinator, assistant):
    made = blocks.wish(job, by=official)
    assert (made.institution, made.assistant, made.origin, made.decision) == (
        job.request.institution, assistant.assistant, "official", "",
    )  # fmt: skip
    message = Message.objects.get()
    assert message.recipient == coordinator
    assert reverse("work_blocks").removeprefix("/en") in message.text
    assert not Block.objects.exists()


def test_wish_twice_is_one(coordinator, job, official):
    wish = blocks.wish(job, by=official)
    assert blocks.wish(job, by=official) == wish
    assert Message.objects.count() == 1


@pytest.mark.parametrize("who", ["assistant", "stranger_official", "coordinator", "outsider"])
def test_wish_is_the_institutions(job, request, who):
    with pytest.raises(NotYours):
        blocks.wish(job, by=request.getfixturevalue(who))


def test_take_wish_back_ends_it(wish, job, official):
    blocks.take_wish_back(job, by=official)
    blocks.take_wish_back(job, by=official)
    wish.refresh_from_db()
    assert wish.decision == "taken_back"
    assert blocks.wish(job, by=official).pk != wish.pk


@pytest.fixture
def elsewhere(institution, assistant):
    """An official of another unit, and the job of the same assistant there."""
    user = factories.make_official(institution, unit=institution.units.create(name_pl="Kadry"))
    unit = user.official_seats.get().unit
    return user, make_job(institution, user, assistant.assistant, unit=unit)


@pytest.fixture
def wish_of_a_unit(job, official, institution):
    unit = institution.units.first()
    official.official_seats.update(unit=unit)
    AssistanceRequest.objects.filter(pk=job.request_id).update(unit=unit)
    return blocks.wish(job, by=official)


def test_a_wish_is_neither_shown_to_nor_taken_back_by_another_unit(client, wish_of_a_unit, job, elsewhere):
    other, her_job = elsewhere
    assert blocks.is_wish_noted(job.request, job.assistant, by=wish_of_a_unit.made_by)
    assert not blocks.is_wish_noted(her_job.request, job.assistant, by=other)
    blocks.take_wish_back(her_job, by=other)
    wish_of_a_unit.refresh_from_db()
    assert wish_of_a_unit.decision == ""
    for user, asked, is_noted in ((other, her_job, False), (wish_of_a_unit.made_by, job, True)):
        client.force_login(user)
        page = client.get(reverse("assistance_request", args=[asked.request.public_id]))
        assert [said.is_wish_noted for said in page.context["voice"].said] == [is_noted]


def test_two_units_have_each_a_wish_of_their_own(wish_of_a_unit, job, elsewhere):
    other, her_job = elsewhere
    hers = blocks.wish(her_job, by=other)
    assert hers != wish_of_a_unit
    assert blocks.wish(her_job, by=other) == hers
    blocks.take_wish_back(job, by=wish_of_a_unit.made_by)
    hers.refresh_from_db()
    assert hers.decision == ""


def test_who_sees_the_request_sees_its_wish_and_takes_it_back(wish_of_a_unit, job, institution):
    colleague = factories.make_official(institution, unit=institution.units.first())
    assert blocks.wish(job, by=colleague) == wish_of_a_unit
    assert blocks.is_wish_noted(job.request, job.assistant, by=colleague)
    blocks.take_wish_back(job, by=colleague)
    wish_of_a_unit.refresh_from_db()
    assert wish_of_a_unit.decision == "taken_back"


def test_a_wish_is_noted_while_the_block_is_in_force(wish, job, official, coordinator):
    blocks.decide(wish, by=coordinator, blocks=True, reason="asked")
    assert blocks.is_wish_noted(job.request, job.assistant, by=official)
    blocks.lift(Block.objects.get(), by=coordinator)
    assert not blocks.is_wish_noted(job.request, job.assistant, by=official)


def test_decide_follows_the_wish(wish, coordinator):
    blocks.decide(wish, by=coordinator, blocks=True, reason="asked")
    blocks.decide(wish, by=coordinator, blocks=True, reason="asked")
    block = Block.objects.get()
    assert (block.institution, block.assistant, block.reason) == (wish.institution, wish.assistant, "asked")
    wish.refresh_from_db()
    assert (wish.decision, wish.decided_by) == ("blocked", coordinator)


def test_decide_leaves_it_as_it_is(wish, coordinator, job, official):
    blocks.decide(wish, by=coordinator, blocks=False)
    wish.refresh_from_db()
    assert wish.decision == "kept"
    assert not Block.objects.exists()
    with pytest.raises(blocks.NothingToDecide):
        blocks.decide(wish, by=coordinator, blocks=True, reason="asked")


@pytest.mark.parametrize("who", ["official", "assistant", "stranger_coordinator", "outsider"])
def test_decide_and_block_and_lift_are_the_coordinators(wish, request, who, coordinator):
    somebody = request.getfixturevalue(who)
    with pytest.raises(NotYours):
        blocks.decide(wish, by=somebody, blocks=False)
    with pytest.raises(NotYours):
        blocks.block(wish.institution, wish.assistant, by=somebody, reason="asked")
    made = blocks.block(wish.institution, wish.assistant, by=coordinator, reason="asked")
    with pytest.raises(NotYours):
        blocks.lift(made, by=somebody)


def test_block_needs_a_reason_and_one_network(institution, assistant, coordinator, other_project):
    with pytest.raises(ReasonNeeded):
        blocks.block(institution, assistant.assistant, by=coordinator, reason="")
    with pytest.raises(NotYours):
        blocks.block(institution, factories.make_assistant(other_project), by=coordinator, reason="asked")


def test_block_tells_nobody_and_is_once(institution, assistant, coordinator):
    first = blocks.block(institution, assistant.assistant, by=coordinator, reason="safety")
    assert blocks.block(institution, assistant.assistant, by=coordinator, reason="other") == first
    assert not Message.objects.exists()
    assert AuditEntry.objects.filter(action="block.made").count() == 1


def test_block_decides_the_wish_that_waits(wish, coordinator):
    blocks.block(wish.institution, wish.assistant, by=coordinator, reason="complaint")
    wish.refresh_from_db()
    assert wish.decision == "blocked"


def test_block_keeps_her_from_being_asked_and_lift_allows_it_again(
    institution, official, assistant, coordinator
):
    asked = factories.make_request(institution, official)
    assert matching.candidate(asked, assistant.assistant).fits
    made = blocks.block(institution, assistant.assistant, by=coordinator, reason="asked")
    assert not matching.candidate(asked, assistant.assistant).fits
    blocks.lift(made, by=coordinator)
    blocks.lift(made, by=coordinator)
    assert matching.candidate(asked, assistant.assistant).fits
    assert AuditEntry.objects.filter(action="block.lifted").count() == 1


def test_block_calls_off_offers_without_a_word(institution, official, assistant, coordinator, project):
    here = factories.make_offer(factories.make_request(institution, official), assistant.assistant)
    elsewhere = factories.make_offer(
        factories.make_request(factories.make_institution(project)), assistant.assistant
    )
    blocks.block(institution, assistant.assistant, by=coordinator, reason="asked")
    here.refresh_from_db()
    elsewhere.refresh_from_db()
    assert (here.state, elsewhere.state) == (Offer.State.CALLED_OFF, Offer.State.OPEN)
    assert not Message.objects.filter(recipient=assistant).exists()


def test_block_lets_the_search_go_on_at_once(institution, official, assistant, coordinator, project):
    request = factories.make_request(institution, official, start_at=factories.at(9, "10:00"))
    offers.begin(request, by=official)
    assert Attempt.objects.get().next_wave_at > timezone.now()
    other = factories.make_assistant(project)
    blocks.block(institution, assistant.assistant, by=coordinator, reason="asked")
    offers.expire_offers()
    assert request.offers.get(state=Offer.State.OPEN).assistant == other


def test_coming_jobs_are_those_also_where_a_second_one_is_still_looked_for(institution, official, assistant):
    request = factories.make_request(institution, official, state="offering", assistants_needed=2)
    coming = factories.make_assignment(request, assistant.assistant)
    assert list(blocks.coming_jobs([(institution.pk, assistant.assistant.pk)])) == [coming]


def test_coming_jobs_are_those_she_has_agreed_to_there(institution, official, assistant, project):
    coming = factories.make_assignment(
        factories.make_request(institution, official, state="confirmed"), assistant.assistant
    )
    make_job(institution, official, assistant.assistant)
    other = factories.make_institution(project)
    factories.make_assignment(factories.make_request(other, state="confirmed"), assistant.assistant)
    pair = (institution.pk, assistant.assistant.pk)
    assert list(blocks.coming_jobs([pair])) == [coming]


# --- A coordinator who interprets herself ---------------------------------------------------------------


@pytest.fixture
def her_job(institution, official, project, coordinator):
    return make_job(institution, official, factories.make_assistant(project, coordinator))


@pytest.fixture
def second(project):
    return factories.make_staff(project, user=factories.make_user(full_name="Ewa Kot"))


def test_a_wish_about_a_coordinator_goes_to_the_others(her_job, official, second):
    blocks.wish(her_job, by=official)
    assert Message.objects.get().recipient == second


def test_a_wish_about_the_only_coordinator_goes_to_the_administrators(her_job, official, administrator):
    blocks.wish(her_job, by=official)
    letter = Message.objects.get()
    assert letter.recipient == administrator
    with translation.override(administrator.language):
        assert translation.gettext(FROM_ABOVE) in letter.text


def test_a_coordinator_decides_nothing_about_herself(her_job, official, coordinator, second):
    wished = blocks.wish(her_job, by=official)
    pair = (wished.institution, wished.assistant)
    with pytest.raises(blocks.AboutYourself):
        blocks.decide(wished, by=coordinator, blocks=False)
    with pytest.raises(blocks.AboutYourself):
        blocks.block(*pair, by=coordinator, reason="other")
    blocks.decide(wished, by=second, blocks=True, reason="asked")
    with pytest.raises(blocks.AboutYourself):
        blocks.lift(Block.objects.get(), by=coordinator)


def test_a_coordinator_reads_nothing_about_herself(client, her_job, official, coordinator, second):
    wished = blocks.wish(her_job, by=official)
    page, new = reverse("work_blocks"), reverse("work_block_new")
    client.force_login(coordinator)
    assert client.post(reverse("work_wish_decide", args=[wished.pk]), {"keep": "1"}).status_code == 404
    assert not client.get(page).context["wishes"]
    assert not client.get(new).context["form"].fields["assistant"].queryset.exists()
    client.force_login(second)
    assert client.get(page).context["wishes"]
    assert client.get(new).context["form"].fields["assistant"].queryset.exists()


def test_a_coordinator_reads_of_no_block_about_herself(client, her_job, official, coordinator, second):
    institution = her_job.request.institution
    held = blocks.block(institution, her_job.assistant, by=second, reason="asked")
    coming = factories.make_request(institution, official)
    page, candidates = reverse("work_blocks"), reverse("work_candidates", args=[coming.public_id])
    client.force_login(coordinator)
    assert client.post(reverse("work_block_lift", args=[held.pk])).status_code == 404
    assert not client.get(page).context["rows"]
    assert not client.get(candidates).context["rows"]
    client.force_login(second)
    assert client.get(page).context["rows"]
    assert client.get(candidates).context["rows"]


# --- Pages -----------------------------------------------------------------------------------------------


def test_an_official_notes_and_takes_back_a_wish_in_the_browser(client, job, official):
    client.force_login(official)
    page = reverse("assistance_wish", args=[job.public_id])
    assert "Iryna" in client.get(page).content.decode()
    assert not BlockWish.objects.exists()
    assert client.post(page).status_code == 302
    assert BlockWish.objects.get().decision == ""
    assert client.post(page, {"take_back": "1"}).status_code == 302
    assert BlockWish.objects.get().decision == "taken_back"


def test_an_official_is_not_told_what_was_decided(client, wish, job, official, coordinator):
    client.force_login(official)
    page = reverse("assistance_wish", args=[job.public_id])
    before = client.get(page).content.decode()
    blocks.decide(wish, by=coordinator, blocks=True, reason="asked")
    after = client.get(page).content.decode()
    assert before.count("<p>") == after.count("<p>")
    assert not Message.objects.filter(recipient=official).exists()


def test_the_assistant_finds_nothing_of_it_anywhere(client, wish, job, assistant, coordinator):
    blocks.decide(wish, by=coordinator, blocks=True, reason="asked")
    client.force_login(assistant)
    assert not Message.objects.filter(recipient=assistant).exists()
    for name, arguments in [("assistant_home", []), ("assistant_job", [job.public_id]), ("my_page", [])]:
        body = client.get(reverse(name, args=arguments)).content.decode().lower()
        assert "wish" not in body
        assert "not sent" not in body


def test_the_coordinator_sees_wishes_blocks_and_jobs_to_come(
    client, wish, job, official, coordinator, assistant
):
    coming = factories.make_request(job.request.institution, official, state="confirmed")
    factories.make_assignment(coming, assistant.assistant)
    client.force_login(coordinator)
    body = client.get(reverse("work_blocks")).content.decode()
    assert reverse("work_assistance_request", args=[coming.public_id]) in body
    assert ReadEntry.objects.filter(subject_id=assistant.pk, what="block").count() == 1
    page = reverse("work_wish_decide", args=[wish.pk])
    assert client.post(page, {"block": "1", "reason": "asked"}).status_code == 302
    assert (
        reverse("work_assistance_request", args=[coming.public_id])
        in client.get(reverse("work_blocks")).content.decode()
    )
    held = Block.objects.get()
    client.post(reverse("work_block_lift", args=[held.pk]))
    held.refresh_from_db()
    assert held.lifted_at


def test_a_coordinator_adds_a_pair_by_hand(client, institution, assistant, coordinator):
    client.force_login(coordinator)
    page = reverse("work_block_new") + f"?institution={institution.slug}&assistant={assistant.assistant.pk}"
    assert f'value="{institution.slug}" selected' in client.get(page).content.decode()
    data = {"institution": institution.slug, "assistant": assistant.assistant.pk, "reason": "conflict"}
    assert client.post(page, data).url == reverse("work_blocks")
    assert Block.objects.get().reason == "conflict"


@pytest.mark.parametrize("who", ["official", "assistant", "outsider"])
def test_the_list_is_the_coordinators(client, request, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("work_blocks")).status_code == 404


def test_another_network_decides_nothing_here(client, wish, stranger_coordinator):
    client.force_login(stranger_coordinator)
    assert client.post(reverse("work_wish_decide", args=[wish.pk]), {"keep": "1"}).status_code == 404
    assert str(wish.assistant.user) not in client.get(reverse("work_blocks")).content.decode()


def test_old_meetings_can_still_lead_to_a_wish(job, official):
    AssistanceRequest.objects.update(
        end_at=timezone.now() - timedelta(days=200), start_at=timezone.now() - timedelta(days=201)
    )
    assert blocks.wish(job, by=official)
