"""No log holds an address that opens something without signing in: what is secret in it is left out."""

import logging
import re

#: What comes after these in an address is known to few people only; also where one address stands in another.
SECRET = re.compile(
    r"((?:/|%2F)(?:calendar|card|offers|staying|my-code|check-in|invited|smile)(?:/|%2F))[^/\s?&\"']+",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    return SECRET.sub(r"\1…", text)


class MaskAddresses(logging.Filter):
    """Django writes the path of what was not found, is gone or went wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        if (hidden := masked(told)) != told:
            record.msg, record.args = hidden, ()
        return True
