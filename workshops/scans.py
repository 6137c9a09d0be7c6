"""Pictures and PDFs of signed lists, known by their content and not by their name."""

import io
import time
import warnings

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from PIL import Image, ImageOps

from portal.refusals import Refused

#: How each kind of file begins; what follows says the same or the file is refused.
BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
CONTENT_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg"}
FORMATS = {"jpg": "JPEG", "png": "PNG"}
#: A signature stays readable, and a page takes some hundreds of kilobytes.
QUALITY = 85
UNDATED = time.gmtime(0)


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
    """The content to keep and its kind, pdf or jpg. Photographs of several pages become one PDF."""
    if not files or not all(files):
        raise NoScan
    if sum(map(len, files)) > settings.SCAN_MEGABYTES * 1024 * 1024:
        raise ScanTooBig
    kinds = [kind_of(content) for content in files]
    if kinds == ["pdf"]:
        return files[0], "pdf"
    if "pdf" in kinds:
        raise TooManyFiles
    pages = [_upright(content, kind) for content, kind in zip(files, kinds, strict=True)]
    return (_as_pdf(pages), "pdf") if len(pages) > 1 else (_as_jpeg(pages[0]), "jpg")


def kind_of(content: bytes) -> str:
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning):
            if kind == "pdf" and b"%%EOF" not in content[-2048:]:
                break
            return kind
    raise NotAScan


def _upright(content: bytes, kind: str) -> Image.Image:
    """The picture alone: turned as it was taken, and without what a phone writes into it, such as the place.

    What cannot be drawn is no picture, whatever it begins with.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=[FORMATS[kind]])
            return ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAScan from None


def _as_jpeg(page: Image.Image) -> bytes:
    file = io.BytesIO()
    page.save(file, "JPEG", quality=QUALITY, exif=b"")
    return file.getvalue()


def _as_pdf(pages: list[Image.Image]) -> bytes:
    """Undated, so that the same photographs are the same file."""
    file = io.BytesIO()
    first, *others = pages
    first.save(
        file,
        "PDF",
        save_all=True,
        append_images=others,
        resolution=150,
        quality=QUALITY,
        creationDate=UNDATED,
        modDate=UNDATED,
    )
    return file.getvalue()
