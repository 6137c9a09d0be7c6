"""An agreement that an institution had in its own row becomes a row of its own."""

from django.db import migrations


def make_agreements(apps, schema_editor):
    Institution = apps.get_model("institutions", "Institution")
    Agreement = apps.get_model("institutions", "Agreement")
    signed = Institution.objects.filter(agreement_signed_on__isnull=False)
    Agreement.objects.bulk_create(
        Agreement(
            institution=institution,
            project=institution.project,
            signed_on=institution.agreement_signed_on,
            valid_until=later(institution.agreement_valid_until, institution.agreement_signed_on),
        )
        for institution in signed.select_related("project")
    )


def later(end, start):
    """An end before the signing was a slip; the agreement then counts for the day of its signing."""
    return max(end, start) if end else None


def take_back(apps, schema_editor):
    for agreement in apps.get_model("institutions", "Agreement").objects.order_by("signed_on", "id"):
        institution = agreement.institution
        institution.agreement_signed_on = agreement.signed_on
        institution.agreement_valid_until = agreement.ended_on or agreement.valid_until
        institution.save(update_fields=["agreement_signed_on", "agreement_valid_until"])
    apps.get_model("institutions", "Agreement").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("institutions", "0010_monthly_papers")]

    operations = [migrations.RunPython(make_agreements, take_back)]
