"""The trails are only ever added to: the database itself refuses to change or remove a line.

Retention is the one exception, and it has to say so: ``SET LOCAL portal.retention = 'on'``.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('portal.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON portal_auditentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON portal_readentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""

BACKWARD = """
DROP TRIGGER append_only ON portal_auditentry;
DROP TRIGGER append_only ON portal_readentry;
DROP FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
