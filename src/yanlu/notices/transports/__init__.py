"""Ways to reach a person outside the pages; each a folder of its own, all of the same shape.

Each says whether it ``is_on`` and can ``send`` a :class:`~yanlu.notices.transports.message.Message`
for a receipt. What goes wrong:

    YanluError
    └── Undelivered      try again later
        └── Rejected     the same again can't help
"""
