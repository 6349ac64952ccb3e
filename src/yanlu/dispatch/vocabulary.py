"""What is said of a matter beside its category, for those who choose by it."""

from yanlu.dispatch.models import Urgency
from yanlu.intake.models import Kind

KINDS = Kind.choices
URGENCIES = Urgency.choices
