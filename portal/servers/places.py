"""Where one pair of embedded servers lives; the database and the broker are found by its sockets."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATABASE = "portal"
LONGEST_SOCKET_PATH = 100  # sun_path holds 104 bytes on macOS, 108 on Linux

# Where a line goes that says what is going on.
Say = Callable[[str], None]


class Unavailable(Exception):
    """A server cannot be used; the message is one sentence that says which, why, and what to do."""


@dataclass(frozen=True)
class Place:
    """Where one pair of embedded servers keeps its data, its logs and its sockets."""

    root: Path
    durable: bool = True

    @property
    def postgres_data(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.root / "valkey"

    def socket_dir(self, data: Path) -> Path:
        if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return data
        short = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
        return Path("/tmp") / f"splot-{os.getuid()}-{short}"  # noqa: S108 (its owner is checked)

    @property
    def valkey_socket(self) -> Path:
        return self.socket_dir(self.valkey_data) / "valkey.sock"

    def database_url(self, name: str = DATABASE) -> str:
        return f"postgresql://postgres@/{name}?host={quote(str(self.socket_dir(self.postgres_data)))}"

    def redis_url(self) -> str:
        return f"unix://{quote(str(self.valkey_socket))}?db=0"


def checkout() -> Place:
    return Place(BASE_DIR / ".data")
