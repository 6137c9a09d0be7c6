"""Minutes shown as hours: clock hours (60) and teaching hours (45), never mixed (domain.md B3.3)."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats
from django.utils.translation import gettext as _

CLOCK = 60
TEACHING = 45


def in_hours(minutes: int, unit: int = CLOCK) -> Decimal:
    """Minutes as hours of ``unit`` minutes, to a hundredth."""
    return (Decimal(minutes) / unit).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def hours(minutes: int, unit: int = CLOCK) -> str:
    """The number of hours as the reader's language writes it: 160, 12.5, 0.33; without the unit."""
    value = in_hours(minutes, unit)
    digits = -value.normalize().as_tuple().exponent
    return formats.number_format(value, decimal_pos=max(digits, 0), force_grouping=True)


def hours_with_unit(minutes: int, unit: int = CLOCK) -> str:
    number = hours(minutes, unit)
    if unit == TEACHING:
        return _("%(number)s h of 45 min") % {"number": number}
    return _("%(number)s h") % {"number": number}


def in_both_units(minutes: int) -> str:
    """The same time in both units, for people who think in lessons and for those who think in hours."""
    return _("%(clock)s h (%(teaching)s teaching hours of 45 min)") % {
        "clock": hours(minutes, CLOCK),
        "teaching": hours(minutes, TEACHING),
    }


def euros(amount: Decimal) -> str:
    """An amount of money as the reader's language writes it, with the currency."""
    return _("%(amount)s EUR") % {"amount": formats.number_format(amount, decimal_pos=2, force_grouping=True)}
