"""The person. Everyone known to the network has one row here, with or without a way to sign in."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.names import name_key


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str | None = None, password: str | None = None, **fields) -> "User":
        """A new person. Without an e-mail address she is known to the network but cannot sign in."""
        full_name = fields.pop("full_name", "")
        call_me = fields.pop("call_me", "") or full_name
        user = self.model(
            email=email.strip().lower() if email else None,
            full_name=full_name,
            call_me=call_me,
            name_key=name_key(full_name, call_me, fields.get("name_original", "")),
            **fields,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True} | fields)


class User(AbstractBaseUser, PermissionsMixin):
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    phone = models.CharField(
        _("phone"), max_length=16, blank=True, help_text=_("With the country code: +48…")
    )
    full_name = models.CharField(
        _("name as in your document"), max_length=150, blank=True, help_text=_("In Latin letters.")
    )
    name_original = models.CharField(_("name in your own script"), max_length=150, blank=True)
    call_me = models.CharField(_("what should we call you?"), max_length=80, blank=True)
    name_key = models.CharField(max_length=400, blank=True, editable=False, db_index=True)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    # Who answers for her, a child's parent: gets her messages where she has no address of her own.
    guardian = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="wards"
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("administrator"), default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=True) | models.Q(email=Lower("email")),
                name="email_in_lower_case",
            ),
            models.CheckConstraint(
                condition=models.Q(guardian__isnull=True) | ~models.Q(guardian=models.F("id")),
                name="guardian_is_somebody_else",
            ),
        ]

    def __str__(self) -> str:
        return self.call_me or self.full_name or str(self.public_id)

    def get_full_name(self) -> str:
        return self.full_name or self.call_me

    def get_short_name(self) -> str:
        return str(self)


class ContactPreference(models.Model):
    """Safe contact: how, and how openly, the network may write to a person (features.md U6).

    No row means the defaults: e-mail, at any time outside the quiet hours, saying what it is about.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="contact_preference")
    is_neutral = models.BooleanField(
        _("neutral messages"),
        default=False,
        help_text=_("Messages say nothing about what, where or who. You read the rest after signing in."),
    )
    has_shared_phone = models.BooleanField(_("other people use my phone"), default=False)
    no_sms = models.BooleanField(_("no text messages"), default=False)
    not_before = models.TimeField(_("not before"), null=True, blank=True)
    not_after = models.TimeField(_("not after"), null=True, blank=True)
    muted_kinds = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        verbose_name = _("contact preference")
        verbose_name_plural = _("contact preferences")

    def __str__(self) -> str:
        return f"contact preference {self.pk}"
