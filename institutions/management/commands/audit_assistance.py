"""Proves that requests, searches, offers, jobs and hours are what they must be; changes nothing."""

from django.core.management.base import BaseCommand, CommandError

from institutions import assistance_audit


class Command(BaseCommand):
    help = "Looks for requests for an assistant in which something is wrong. Changes nothing."

    def handle(self, *args: object, **options: object) -> None:
        found = list(assistance_audit.findings())
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{len(found)} rules are broken.", returncode=1)
        self.stdout.write("All is well.")
