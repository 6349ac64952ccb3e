"""String foreign keys escape import checks: the model registry may not point up the layers."""

from django.apps import apps

ORDER = [
    "kernel",
    "places",
    "people",
    "notices",
    "intake",
    "dispatch",
    "cases",
    "exchange",
    "oversight",
    "insight",
]


def test_no_table_refers_to_a_domain_above_its_own():
    for model in apps.get_models():
        own = model._meta.app_label
        if own not in ORDER:
            continue
        for field in model._meta.get_fields():
            target = field.related_model if getattr(field, "concrete", False) else None
            label = target._meta.app_label if target else None
            if label in ORDER:
                assert ORDER.index(label) <= ORDER.index(own), f"{own}: {field.name} → {label}"
