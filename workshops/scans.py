"""Pictures and PDFs of signed lists, known by their content and not by their name."""

from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.refusals import Refused

#: How each kind of file begins; what follows says the same or the file is refused.
BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
#: A picture on each page, as large as fits; typst turns photographs upright.
PAGE = (
    '#page(margin: 5mm, align(center + horizon, image("{name}", width: 100%, height: 100%, fit: "contain")))'
)


class NoScan(Refused):
    sentence = _("Please choose a file or take a photograph.")
    field = "scan"


class ScanTooBig(Refused):
    field = "scan"

    def __init__(self):
        most = settings.SCAN_MEGABYTES
        told = ngettext_lazy(
            "This is too big. At most %(number)d megabyte is possible.",
            "This is too big. At most %(number)d megabytes are possible.",
            most,
        )
        super().__init__(told % {"number": most})


class NotAScan(Refused):
    sentence = _("Please choose a photograph (JPEG, PNG) or a PDF. Other files are not possible.")
    field = "scan"


class TooManyFiles(Refused):
    sentence = _("Please choose one PDF, or photographs of the pages: not both.")
    field = "scan"


def one_file(files: list[bytes]) -> tuple[bytes, str]:
    """The content to keep and its kind: pdf, jpg or png. Photographs of several pages become one PDF."""
    if not files or not all(files):
        raise NoScan
    if sum(map(len, files)) > settings.SCAN_MEGABYTES * 1024 * 1024:
        raise ScanTooBig
    kinds = [kind_of(content) for content in files]
    if len(files) > 1 and "pdf" in kinds:
        raise TooManyFiles
    if kinds == ["pdf"]:
        return files[0], "pdf"
    joined = _as_pdf(files, kinds)
    return (joined, "pdf") if len(files) > 1 else (files[0], kinds[0])


def kind_of(content: bytes) -> str:
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning):
            if kind == "pdf" and b"%%EOF" not in content[-2048:]:
                break
            return kind
    raise NotAScan


def _as_pdf(pictures: list[bytes], kinds: list[str]) -> bytes:
    """Also for a single one: what cannot be drawn is no picture, whatever it begins with."""
    with TemporaryDirectory() as folder:
        pages = [PAGE.format(name=f"{number}.{kind}") for number, kind in enumerate(kinds)]
        for number, (content, kind) in enumerate(zip(pictures, kinds, strict=True)):
            Path(folder, f"{number}.{kind}").write_bytes(content)
        source = Path(folder, "scan.typ")
        source.write_text("\n".join(['#set page(paper: "a4")', *pages]), encoding="utf-8")
        try:
            return typst.compile(source, root=folder, ignore_system_fonts=True)
        except typst.TypstError:
            raise NotAScan from None
