from django.core.management.base import BaseCommand

from projects.founding import load_founding_projects


class Command(BaseCommand):
    help = "Load the two founding projects as they really were, in six languages. Harmless to repeat."

    def handle(self, *args, **options):
        for project in load_founding_projects():
            self.stdout.write(f"{project.slug}: {project.title_en}")
