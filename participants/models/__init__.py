from participants.models.consent import ConsentEvent, ConsentText
from participants.models.participant import LanguageSkill, Participant

__all__ = ["ConsentEvent", "ConsentText", "LanguageSkill", "Participant"]
