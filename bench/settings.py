"""What of a benchmark may be set."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How long and how often to measure, on how much.

    :param seconds: length of one measured stretch of hand-ins or of pgbench.
    :param page_seconds: length of one measured stretch of one page.
    :param repeat: stretches of each; medians and spread are over these.
    :param cases: cases in the work queue.
    :param counted: cases that the rollups of the insight centre are sums of.
    :param rows: rows of the generated file that is imported.
    :param connections: connections that stay open at once.
    :param seed: of everything that is made up.
    """

    seconds: int = 20
    page_seconds: int = 3
    repeat: int = 3
    cases: int = 1_000_000
    counted: int = 10_000_000
    rows: int = 1_000_000
    connections: int = 8
    seed: int = 2021
