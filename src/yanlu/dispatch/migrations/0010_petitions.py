from typing import Any

from django.db import migrations

CLASSES = (
    ("petition_notice", "信访受理告知", "Notice that a petition is accepted", 15,
     "自收到信访事项之日起15日内书面告知（《信访工作条例》第二十二条、第二十三条）"),
    ("petition", "信访事项办理", "Decision on a petition", 60,
     "自受理之日起60日内办结（《信访工作条例》第三十四条）"),
    ("petition_extension", "信访延期", "Extension of a petition", 30,
     "情况复杂的，经本单位负责人批准延长一次，不超过30日，并告知延期理由（《信访工作条例》第三十四条）"),
    ("petition_window", "申请复查复核", "Time to ask for a review", 30,
     "自收到书面答复之日起30日内请求复查、复核（《信访工作条例》第三十五条、第三十六条）"),
    ("petition_review", "复查复核办理", "Decision on a review", 30,
     "自收到复查、复核请求之日起30日内提出意见（《信访工作条例》第三十五条、第三十六条）"),
)


def complete(apps: Any, schema_editor: Any) -> None:
    """Give an installation that is at work the limits of petitions."""
    classes = apps.get_model("dispatch", "DeadlineClass").objects
    if not classes.exists():
        return
    for code, name, name_en, amount, note in CLASSES:
        limit = {"name": name, "name_en": name_en, "amount": amount, "unit": "days", "note": note}
        classes.get_or_create(code=code, defaults=limit)


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0009_catalogue'),
    ]

    operations = [
        migrations.RunPython(complete, migrations.RunPython.noop),
    ]
