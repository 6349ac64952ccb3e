"""Messages of the district's WeChat account (微信服务号), by a gateway that holds its templates."""

from django.conf import settings

from yanlu.notices.transports.gateways import post
from yanlu.notices.transports.message import Message


def is_on() -> bool:
    """Whether messages can go by WeChat."""
    return bool(settings.YANLU_WECHAT_URL)


def send(message: Message) -> str:
    """Send it; the gateway's receipt. Raises `Undelivered`."""
    content = {
        "id": message.key,
        "openid": message.to,
        "title": message.subject,
        "text": message.text,
        "link": message.link,
    }
    return post(settings.YANLU_WECHAT_URL, settings.YANLU_WECHAT_SECRET, content)
