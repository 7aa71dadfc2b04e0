"""The whole site at the hour that is being played, as gunicorn serves it."""

from tests.pictures import clock  # noqa: F401, I001 - first: what the site reads at its start reads this hour
from partyreview.wsgi import application

__all__ = ["application"]
