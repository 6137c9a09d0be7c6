from modeltranslation.translator import TranslationOptions, register

from institutions.models import Institution, Unit


@register(Institution)
class InstitutionTranslation(TranslationOptions):
    fields = ("name",)


@register(Unit)
class UnitTranslation(TranslationOptions):
    fields = ("name",)
