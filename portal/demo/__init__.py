"""The demo: a living network of invented people, built by calling the verbs, with dates relative to today."""

#: Role, e-mail address. One person each; nobody needs a password, the code is in the outbox.
ACCOUNTS = {
    "migrant": "migrant@demo.example",
    "coordinator": "coordinator@demo.example",
    "trainer": "trainer@demo.example",
    "official": "official@demo.example",
    "assistant": "assistant@demo.example",
    "administrator": "admin@demo.example",
}


def accounts() -> list[tuple[str, str]]:
    """Role and e-mail address of everyone whom a visitor of the demo may sign in as."""
    return list(ACCOUNTS.items())
