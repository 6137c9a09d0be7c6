from modeltranslation.translator import TranslationOptions, register

from workshops.models import Question, Session, Workshop


@register(Workshop)
class WorkshopTranslation(TranslationOptions):
    fields = ("title", "summary", "description", "for_whom", "what_to_bring", "childcare_note")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("topic",)


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("text", "choices")
