"""Deletes what was written in requests and complaints, when it has been kept long enough."""

from django.core.management.base import BaseCommand

from institutions import forgetting


class Command(BaseCommand):
    help = "Deletes free texts of requests and complaints that have been kept long enough."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be deleted.")

    def handle(self, *args: object, dry_run: bool = False, **options: object) -> None:
        if dry_run:
            for what, pks in forgetting.due().items():
                listed = ", ".join(map(str, pks[:20])) + (" …" if len(pks) > 20 else "")
                self.stdout.write(f"{what}: {len(pks)} would be deleted" + (f" ({listed})" if pks else ""))
            return
        for what, number in forgetting.forget_all().items():
            self.stdout.write(f"{what}: {number} deleted")
