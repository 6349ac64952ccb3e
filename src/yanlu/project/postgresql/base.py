"""The backend that ``DATABASES`` names."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is looked at before each request without asking the server."""

    def is_usable(self) -> bool:
        """Whether the server still holds the other end.

        Django sends a query for this, a second trip to the database with every request. A server
        that ends a connection says so on it, or the system does when the server was killed: an
        idle connection with something to read is one that is over.
        """
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status is not TransactionStatus.IDLE:
            return False
        ears = select.poll()
        ears.register(self.connection.fileno(), select.POLLIN)
        return not ears.poll(0)
