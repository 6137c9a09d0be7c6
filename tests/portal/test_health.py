"""Alive and ready, and which part is not; what machines may read."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from portal.beat import Scheduler
from portal.health import HEARTBEAT, sign_of_life
from portal.tasks import record_heartbeat

pytestmark = pytest.mark.django_db


def heartbeat(process: str, seconds_ago: int = 0) -> None:
    cache.set(HEARTBEAT.format(process), timezone.now().timestamp() - seconds_ago)


def test_live_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"ok": True}


def test_ready_when_everything_is_there(client):
    heartbeat("worker")
    heartbeat("beat", 30)
    response = client.get("/health/ready")
    assert response.status_code == 200
    assert response.json()["parts"]["beat"] == {"ok": True, "age_seconds": 30}


@pytest.mark.allow_error_logs  # somebody must act
@pytest.mark.parametrize(("silent", "other"), [("worker", "beat"), ("beat", "worker")])
@pytest.mark.parametrize("seconds_ago", [None, 600])
def test_not_ready_when_a_process_is_silent(client, silent, other, seconds_ago):
    heartbeat(other)
    if seconds_ago:
        heartbeat(silent, seconds_ago)
    response = client.get("/health/ready")
    assert response.status_code == 503
    parts = response.json()["parts"]
    assert parts[silent] == {"ok": False, "age_seconds": seconds_ago}
    assert parts[other]["ok"]


@pytest.mark.allow_error_logs
def test_not_ready_without_valkey(client, settings):
    settings.REDIS_URL = "redis://:secret@127.0.0.1:1/0"
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["parts"]["valkey"] == {"ok": False}
    assert "secret" not in response.content.decode()


def test_worker_leaves_its_mark():
    with time_machine.travel(timezone.now() - timedelta(seconds=20), tick=False):
        record_heartbeat()
    assert sign_of_life("worker")["age_seconds"] >= 19


def test_beat_leaves_its_mark_without_a_worker(tmp_path):
    from portal import celery_app

    scheduler = Scheduler(celery_app, schedule_filename=str(tmp_path / "schedule"))
    scheduler.tick()
    scheduler.close()
    assert sign_of_life("beat")["ok"]


def test_robots_name_the_site_map(client, settings):
    settings.SITE_URL = "https://portal.example"
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: https://portal.example/sitemap.xml" in text
    assert "Disallow: /*/me/" in text


def test_site_map_names_public_pages_in_six_languages(client, settings, workshop, project, other_project):
    settings.SITE_URL = "https://portal.example"
    type(other_project).objects.filter(pk=other_project.pk).update(is_published=False)
    text = client.get("/sitemap.xml").content.decode()
    for language in ("pl", "en", "uk", "be", "ru", "ar"):
        assert f"<loc>https://portal.example/{language}/workshops/{workshop.slug}/</loc>" in text
    assert f"/pl/projects/{project.slug}/" in text
    assert other_project.slug not in text


def test_favicon_is_somewhere(client):
    assert client.get("/favicon.ico").url.endswith("img/favicon.svg")


def test_what_beat_asked_for_in_vain_does_not_pile_up(settings):
    """After a night without a worker, one look at what is due is enough: each errand ends with its turn."""
    for errand in settings.CELERY_BEAT_SCHEDULE.values():
        schedule = errand["schedule"]
        every = schedule if isinstance(schedule, timedelta) else timedelta(days=1)
        assert 0 < errand["options"]["expires"] <= every.total_seconds()
