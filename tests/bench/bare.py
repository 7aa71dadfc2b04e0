"""The bound: the barest Django view that inserts one row, in a project of nothing else."""

import os
import secrets

import dj_database_url
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=[],
    DATABASES={
        # The same terms as the product's own connections.
        "default": dj_database_url.parse(os.environ["DATABASE_URL"])
        | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    },
)
django.setup()

from django.db import models  # noqa: E402 - models need the settings above


class Row(models.Model):
    """As wide as a ballot in the box; the table is made by voting.py."""

    tag = models.BinaryField(primary_key=True)
    data = models.BinaryField()

    class Meta:
        app_label = "bare"


def insert(request: HttpRequest) -> HttpResponse:
    """Keep the body under a random key."""
    Row.objects.create(tag=secrets.token_bytes(32), data=request.body)
    return HttpResponse(b"ok", headers={"Content-Length": "2"})


urlpatterns = [path("", insert)]
application = get_wsgi_application()
