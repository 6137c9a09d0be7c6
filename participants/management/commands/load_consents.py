"""Load the texts of the consents. As often as one likes."""

from django.core.management.base import BaseCommand

from participants import consents


class Command(BaseCommand):
    help = "Load the texts of the consents from portal/texts/consents.json."

    def handle(self, *args, **options) -> None:
        changed = consents.load_texts()
        self.stdout.write(f"{changed} texts of consents are new or changed")
