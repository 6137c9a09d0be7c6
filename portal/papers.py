"""Papers: PDFs set by typst from a template and data, in any language of the site.

Data reaches the template as JSON and is never put into its source, so a text cannot become markup. The same
data give the same bytes.
"""

import io
import json
from datetime import UTC, datetime
from functools import cache

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
import segno
import typst
from django.conf import settings

from portal.languages import is_right_to_left, site_language

PAPERS = settings.BASE_DIR / "templates" / "papers"
FONTS = [package.ROOT / "files" for package in (fontpkg_noto_sans, fontpkg_noto_sans_arabic)]
#: Stands in the file in place of the clock.
UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
#: The standard for PDFs that everybody can read: tagged, with its language, and with every letter shown.
ACCESSIBLE = "ua-1"
TRIAL = b"""#set document(title: "-")
#set text(font: ("Noto Sans", "Noto Sans Arabic"), fallback: false, lang: "pl")
#sys.inputs.text"""


def render(template: str, data: dict, *, language: str, is_accessible: bool = False) -> bytes:
    """A PDF of ``templates/papers/<template>.typ``, which reads ``data`` from ``sys.inputs``.

    ``data`` holds texts, numbers and lists already in words of ``language``. ``is_accessible``: as PDF/UA-1
    asks, so a letter that no font has is an error (typst.TypstError) and never an empty box.
    """
    language = site_language(language)
    return typst.compile(
        PAPERS / f"{template}.typ",
        root=PAPERS,
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={
            "data": json.dumps(data, ensure_ascii=False),
            "language": language,
            "direction": "rtl" if is_right_to_left(language) else "ltr",
            "band": _band(),
        },
        timestamp=UNDATED,
        pdf_standards=[ACCESSIBLE] if is_accessible else [],
    )


def can_print(text: str) -> bool:
    """Whether the fonts of the papers have every letter of it."""
    try:
        typst.compile(
            TRIAL,
            font_paths=FONTS,
            ignore_system_fonts=True,
            sys_inputs={"text": text},
            timestamp=UNDATED,
            pdf_standards=[ACCESSIBLE],
        )
    except typst.TypstError:
        return False
    return True


def qr(address: str) -> str:
    """The address as a QR code, as SVG for the ``qr`` of a paper."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, border=0, dark="#17222d", light=None
    )
    return drawing.getvalue().decode()


@cache
def _band() -> str:
    return (settings.BASE_DIR / "static" / "img" / "band.svg").read_text(encoding="utf-8")
