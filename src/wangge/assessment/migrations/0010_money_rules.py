"""Documents stay; who was employed and what was billed is never deleted."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import app_rights, versioned_key

STAY = """
CREATE FUNCTION assessment_document_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.area, OLD.area_path, OLD.kind, OLD.number, OLD.employment, OLD.content, OLD.digest,
      OLD.media_type, OLD.filed_at, OLD.filed_by)
     IS DISTINCT FROM (NEW.id, NEW.area, NEW.area_path, NEW.kind, NEW.number, NEW.employment, NEW.content, NEW.digest,
      NEW.media_type, NEW.filed_at, NEW.filed_by) THEN
    RAISE EXCEPTION 'a document on file stays' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_document_kept BEFORE UPDATE OR DELETE ON assessment_document
  FOR EACH ROW EXECUTE FUNCTION assessment_document_kept();
CREATE FUNCTION assessment_invoice_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.organisation, OLD.area, OLD.number, OLD.fen, OLD.entered_by, OLD.entered_at)
     IS DISTINCT FROM (NEW.id, NEW.organisation, NEW.area, NEW.number, NEW.fen, NEW.entered_by, NEW.entered_at)
     OR OLD.state IN ('paid', 'refused') AND OLD.version = NEW.version THEN
    RAISE EXCEPTION 'an invoice stays as it was entered' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER assessment_invoice_kept BEFORE UPDATE OR DELETE ON assessment_invoice
  FOR EACH ROW EXECUTE FUNCTION assessment_invoice_kept();
"""
UNDO = """
DROP TRIGGER assessment_document_kept ON assessment_document;
DROP FUNCTION assessment_document_kept();
DROP TRIGGER assessment_invoice_kept ON assessment_invoice;
DROP FUNCTION assessment_invoice_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0009_money")]
    operations = [
        migrations.RunSQL(STAY, UNDO),
        versioned_key("assessment_document"),
        versioned_key("assessment_employment"),
        versioned_key("assessment_invoice"),
        app_rights("assessment_document", "SELECT, INSERT, UPDATE (version)"),
        app_rights("assessment_employment", "SELECT, INSERT, UPDATE"),
        app_rights("assessment_invoice", "SELECT, INSERT, UPDATE (version, state, approved_by, deducted, paid_at)"),
    ]
