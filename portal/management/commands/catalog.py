"""The message catalogues: ``catalog update``, ``catalog compile``, ``catalog check``."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import catalog


class Command(BaseCommand):
    help = "Collects the texts to translate (update), compiles them (compile), finds what is missing (check)."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["update", "compile", "check"])

    def handle(self, *args: object, action: str, **options: object) -> None:
        getattr(self, action)()

    def update(self) -> None:
        collected = catalog.collect()
        for language in catalog.languages():
            previous = catalog.read(language)
            merged = catalog.merge(language, collected, previous)
            changed = catalog.write(language, merged)
            missing = sum(1 for line in catalog.problems(language, collected) if line.startswith("missing"))
            state = "updated" if changed else "unchanged"
            self.stdout.write(f"{language}: {len(merged)} texts, {missing} to translate, {state}")

    def compile(self) -> None:
        done = [language for language in catalog.languages() if catalog.compile_language(language)]
        if done:
            self.stdout.write(f"Compiled the messages: {', '.join(done)}")

    def check(self) -> None:
        collected = catalog.collect()
        found = {language: catalog.problems(language, collected) for language in catalog.languages()}
        for language, lines in found.items():
            for line in lines:
                self.stdout.write(f"{language}: {line}")
        total = sum(map(len, found.values()))
        if total:
            raise CommandError(f"The messages have {total} problems.")
        self.stdout.write(f"The messages are whole in {len(found)} languages.")
