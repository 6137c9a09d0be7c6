"""After the meeting, on a phone: the paper is photographed, written down, compared, countersigned."""

import pytest
from django.urls import reverse

from tests.browser import press
from tests.factories import at, make_registration, make_user, make_workshop
from tests.workshops.scan_files import JPEG, PNG
from workshops import sheets
from workshops.models import Attendance, SignatureSheet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_trainer_brings_the_paper_home(signed_in, theme, trainer, java_script_enabled):
    workshop = make_workshop(theme=theme, trainers=[trainer], sessions=[(-1, "17:00", 120)])
    for name in ("Anna Pierwsza", "Bianka Druga", "Cezaria Trzecia"):
        make_registration(workshop, make_user(full_name=name), confirmed_at=at(-10))
    session = workshop.sessions.get()
    sheet = sheets.print_sheet(session, by=trainer, language="ar")
    page = signed_in(trainer, java_script_enabled=java_script_enabled)

    page.goto(reverse("work_sheet", args=[sheet.public_id]))
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": JPEG},
            {"name": "2.png", "mimeType": "image/png", "buffer": PNG},
        ]
    )
    press(page.locator("form[enctype] button"))
    assert SignatureSheet.objects.get().scan.name.endswith(".pdf")

    boxes = page.locator("input[name=signed]")
    for number in (0, 2):
        boxes.nth(number).check()
    assert page.locator(".tick").first.bounding_box()["height"] >= 44
    press(page.locator("form:has(input[value=rows]) button").first)
    assert boxes.nth(0).is_checked()
    assert not boxes.nth(1).is_checked()

    page.goto(reverse("work_session_paper", args=[session.pk]))
    press(page.locator("button[name=kind]"))
    press(page.locator("button[name=registration]"))
    marks = Attendance.objects.order_by("registration__user__name_key").values_list("mark", flat=True)
    assert list(marks) == ["present", "absent", "present"]

    page.goto(reverse("work_sheet", args=[sheet.public_id]))
    press(page.locator("form:has(input[value=countersign]) button"))
    assert SignatureSheet.objects.get().countersigned_by == trainer
    assert not page.locator("form:has(input[value=countersign])").count()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth") is True
