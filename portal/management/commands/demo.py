"""Fill an empty database with the demo network."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.models import User


class Command(BaseCommand):
    help = "Fill an empty database with the demo: the two founding projects and a living, invented network."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError(
                "This is no demo installation (DEMO is off): the demo's people stay out of it."
            )
        if User.objects.exists():
            raise CommandError("The database has people in it already; the demo needs an empty one.")
        # Imported here, so that the command can refuse without loading the whole demo.
        from portal.demo.activities import Activities
        from portal.demo.assistance import Assistance
        from portal.demo.network import make_network
        from portal.demo.timeline import Timeline

        started = time.monotonic()
        with transaction.atomic():
            network = make_network(self._say)
            timeline = Timeline()
            Activities(network, timeline).plan(self._say)
            Assistance(network, timeline).plan(self._say)
            self._say("half a year of their life")
            timeline.run(self._say)
        self._say(f"ready after {time.monotonic() - started:.0f} s")

    def _say(self, line: str) -> None:
        self.stdout.write(f"Demo: {line}")
        self.stdout.flush()
