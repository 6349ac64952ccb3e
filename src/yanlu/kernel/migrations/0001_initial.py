"""The journal with its triggers, seals and followers; written by hand for the SQL in it."""

from django.db import migrations, models

CHAIN = """
CREATE SEQUENCE kernel_journal_id_seq AS bigint;

CREATE FUNCTION kernel_journal_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last_seq integer;
    last_hash bytea;
BEGIN
    -- The transaction number has to be taken before the row's number: followers rely on it.
    PERFORM pg_current_xact_id();
    NEW.id := nextval('kernel_journal_id_seq');
    SELECT j.seq, j.hash INTO last_seq, last_hash FROM kernel_journal j
     WHERE j.subject_type = NEW.subject_type AND j.subject_id = NEW.subject_id
     ORDER BY j.seq DESC LIMIT 1;
    NEW.seq := coalesce(last_seq, 0) + 1;
    NEW.prev_hash := coalesce(last_hash, ''::bytea);
    NEW.hash := sha256(convert_to(concat_ws(E'\\n',
        encode(NEW.prev_hash, 'hex'),
        to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        NEW.actor, NEW.verb, NEW.subject_type, NEW.subject_id, NEW.seq, NEW.data::text), 'UTF8'));
    RETURN NEW;
END $$;

CREATE TRIGGER kernel_journal_chain BEFORE INSERT ON kernel_journal
    FOR EACH ROW EXECUTE FUNCTION kernel_journal_chain();

CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is written once: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER kernel_journal_unaltered BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_journal
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER kernel_seal_unaltered BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_seal
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();

ALTER TABLE kernel_quota SET UNLOGGED;
"""

UNCHAIN = """
DROP TABLE kernel_journal, kernel_seal CASCADE;
DROP FUNCTION kernel_journal_chain(), kernel_refuse_change();
DROP SEQUENCE kernel_journal_id_seq;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("verb", models.CharField(max_length=60)),
                ("subject_type", models.CharField(max_length=40)),
                ("subject_id", models.BigIntegerField()),
                ("seq", models.IntegerField()),
                ("data", models.JSONField()),
                ("prev_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "kernel_journal", "ordering": ("id",)},
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(
                fields=("subject_type", "subject_id", "seq"), name="journal_chain"
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=~models.Q(actor__contains="\n") & ~models.Q(verb__contains="\n"),
                name="journal_one_line",
            ),
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField(unique=True)),
                ("rows", models.IntegerField()),
                ("root", models.BinaryField()),
                ("prev_root", models.BinaryField()),
                ("signature", models.BinaryField()),
            ],
            options={"ordering": ("last_id",)},
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "follower",
                    models.CharField(max_length=60, primary_key=True, serialize=False),
                ),
                ("done_id", models.BigIntegerField(default=0)),
                ("fence_id", models.BigIntegerField(null=True)),
                ("fence_xid", models.BigIntegerField(null=True)),
                ("moved_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Parked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("follower", models.CharField(max_length=60)),
                ("entry_id", models.BigIntegerField()),
                ("error", models.CharField(max_length=500)),
                ("attempts", models.IntegerField(default=1)),
                ("parked_at", models.DateTimeField()),
                ("retry_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="parked",
            constraint=models.UniqueConstraint(
                fields=("follower", "entry_id"), name="parked_once"
            ),
        ),
        migrations.CreateModel(
            name="Quota",
            fields=[
                ("key", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("window", models.BigIntegerField()),
                ("used", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="HolidayOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("is_workday", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=200)),
            ],
            options={"ordering": ("-day",)},
        ),
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS vector", migrations.RunSQL.noop
        ),
        migrations.RunSQL(CHAIN, UNCHAIN),
    ]
