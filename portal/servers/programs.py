"""Programs that come inside Python packages, and the accounts and directories that they need."""

import importlib.util
import os
import shutil
import socket
import subprocess
from pathlib import Path

from portal.servers.places import BASE_DIR, Unavailable

# PostgreSQL refuses to run as root; there it runs as this account, which every system has.
UNPRIVILEGED = "nobody"


def packaged(package: str, pattern: str) -> Path | None:
    """A program inside an installed package, which is not imported: these two do much more than we need."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob(pattern), None)


def run(command: list[str], what: str, log: Path | None = None) -> None:
    result = subprocess.run(command, capture_output=True, text=True, cwd="/")
    if result.returncode:
        said = (result.stderr or result.stdout).strip().splitlines() or ["it said nothing"]
        hint = f" (more in {log})" if log else ""
        raise Unavailable(f"{what}: {said[-1]}{hint}")


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def private_directory(path: Path, *, for_postgres: bool) -> None:
    """A directory that only the server's own account may enter."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if for_postgres and os.geteuid() == 0:
            os.chown(path, *unprivileged_ids())
        elif path.stat().st_uid != os.geteuid():
            raise PermissionError(1, "it belongs to somebody else")
    except OSError as error:
        raise Unavailable(f"The data directory {path} cannot be used: {error.strerror}.") from error


def unprivileged(*paths: Path) -> list[str]:
    """What stands before a command of PostgreSQL: as root it has to become somebody else."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Unavailable(
            "The embedded PostgreSQL does not run as root where the program setpriv is missing: "
            "run as an ordinary user, or set DATABASE_URL to a server of your own."
        )
    prefix = [setpriv, f"--reuid={UNPRIVILEGED}", f"--regid={unprivileged_ids()[1]}", "--clear-groups"]
    parents = {parent for path in paths for parent in path.resolve().parents}
    if any(parent.stat().st_mode & 0o001 == 0 for parent in parents if parent.exists()):
        # The checkout lies where others may not go (/root, say). Opening that directory would outlive this
        # run; a capability of this one process does not.
        capability = _capability_to_pass()
        prefix += [f"--inh-caps=-all,+{capability}", f"--ambient-caps=-all,+{capability}"]
        prefix.append("--securebits=+no_setuid_fixup")  # or access(2) would not count it
    return [*prefix, "--"]


def unprivileged_ids() -> tuple[int, int]:
    import pwd

    entry = pwd.getpwnam(UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid


def _capability_to_pass() -> str:
    status = Path("/proc/self/status").read_text()
    effective = int(next(line.split()[1] for line in status.splitlines() if line.startswith("CapEff")), 16)
    for bit, name in ((2, "dac_read_search"), (1, "dac_override")):
        if effective >> bit & 1:
            return name
    raise Unavailable(
        f"The account {UNPRIVILEGED}, under which PostgreSQL runs for root, cannot enter {BASE_DIR}: "
        "move the checkout to where everybody may go, or run as an ordinary user."
    )
