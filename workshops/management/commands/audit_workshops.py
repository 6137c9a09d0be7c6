"""Proves that places, offers, ranks and hours are what they must be; changes nothing."""

from django.core.management.base import BaseCommand, CommandError

from workshops import capacity_audit


class Command(BaseCommand):
    help = "Looks for workshops in which something is wrong: places, offers, ranks, hours. Changes nothing."

    def handle(self, *args: object, **options: object) -> None:
        found = list(capacity_audit.findings())
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{len(found)} rules are broken.", returncode=1)
        self.stdout.write("All is well.")
