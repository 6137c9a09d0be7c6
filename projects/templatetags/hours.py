"""Hours and money in templates: ``{{ minutes|hours:45 }}``, ``{{ project.cost_eur|euros }}``."""

from django import template

from projects import hours as units

register = template.Library()

register.filter("hours", units.hours)
register.filter("hours_with_unit", units.hours_with_unit)
register.filter("in_both_units", units.in_both_units)
register.filter("euros", units.euros)
