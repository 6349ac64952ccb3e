"""What may be said of words that come from elsewhere: by which channel, and of what kind."""

from yanlu.intake.models import Channel, Kind

CHANNELS: tuple[str, ...] = tuple(Channel.values)
KINDS: tuple[str, ...] = tuple(Kind.values)
WEB: str = Channel.WEB.value
