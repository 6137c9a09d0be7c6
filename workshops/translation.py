from modeltranslation.translator import TranslationOptions, register

from workshops.models import Session, Workshop


@register(Workshop)
class WorkshopTranslation(TranslationOptions):
    fields = ("title", "summary", "description", "for_whom", "what_to_bring", "childcare_note")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("topic",)
