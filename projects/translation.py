from modeltranslation.translator import TranslationOptions, register

from projects.models import ActivityType, BudgetTask, Indicator, Project, TargetGroup, Theme


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = (
        "title",
        "area",
        "programme",
        "region_note",
        "summary",
        "problem",
        "activities",
        "results",
        "figures_note",
    )


@register(ActivityType)
class ActivityTypeTranslation(TranslationOptions):
    fields = ("title",)


@register(TargetGroup)
class TargetGroupTranslation(TranslationOptions):
    fields = ("title",)


@register(BudgetTask)
class BudgetTaskTranslation(TranslationOptions):
    fields = ("title",)


@register(Theme)
class ThemeTranslation(TranslationOptions):
    fields = ("title",)


@register(Indicator)
class IndicatorTranslation(TranslationOptions):
    fields = ("title",)
