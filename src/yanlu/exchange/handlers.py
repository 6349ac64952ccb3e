"""What the exchange does when something happens to a case."""

from yanlu.exchange.outbox import EVENTS, queue_results
from yanlu.kernel.followers import Follower

RESULTS = Follower("exchange.results", EVENTS, queue_results)
