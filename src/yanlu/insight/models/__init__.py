"""What insight keeps. Nobody but ``insight`` imports it; all of it can be made anew."""

from yanlu.insight.models.pool import PoolDay
from yanlu.insight.models.releases import Release
from yanlu.insight.models.rollups import Counted, Detail, Grain, Rollup, Tally

__all__ = ["Counted", "Detail", "Grain", "PoolDay", "Release", "Rollup", "Tally"]
