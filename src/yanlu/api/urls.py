"""The interface for partner systems, mounted at ``/api/v1/``."""

from yanlu.api.docs import Page
from yanlu.api.rest.answers import PartnerApi
from yanlu.api.rest.orders import router as orders
from yanlu.api.rest.submissions import router

api = PartnerApi(
    title="Yanlu 言路",
    version="1",
    description="Hand in what residents said to you, and look up how it stands.",
    urls_namespace="api",
    docs=Page(),
)
api.add_router("", router)
api.add_router("", orders)
