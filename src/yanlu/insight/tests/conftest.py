import pytest

from yanlu.insight.tests.winter import hand_in_over_the_new_year
from yanlu.kernel.pictures import forget_all


@pytest.fixture
def winter(tell_once):
    """Twenty-four matters from late December to early March, in two towns and in none."""
    tell_once("matters over the new year", hand_in_over_the_new_year)
    forget_all()
