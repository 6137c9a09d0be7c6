#!/usr/bin/env python3
"""Django's commands, with the embedded servers up where the environment names no others."""

import os
import signal
import sys

# These look at files only; `run` starts the servers itself, after it has looked at the port.
WITHOUT_SERVERS = {"catalog", "check", "collectstatic", "diffsettings", "help", "run", "version", "--help"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from portal import servers

    # Ended from outside (a closed terminal, a stopped container), it still stops the servers it started.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    try:
        if not WITHOUT_SERVERS.intersection(sys.argv[1:2]):
            servers.ensure()
        execute_from_command_line(sys.argv)
    except (servers.Unavailable, ImproperlyConfigured) as trouble:
        sys.exit(f"{trouble}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
