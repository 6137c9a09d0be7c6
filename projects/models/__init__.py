from projects.models.indicator import Indicator
from projects.models.ledger import LedgerEntry
from projects.models.project import ActivityType, BudgetTask, Project, ProjectStaff, TargetGroup, Theme

__all__ = [
    "ActivityType",
    "BudgetTask",
    "Indicator",
    "LedgerEntry",
    "Project",
    "ProjectStaff",
    "TargetGroup",
    "Theme",
]
