"""What no page answers is answered with its reason: plain http, and a form longer than is received."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from partyreview.https import explain_plain_http

HTTPS = "https://192.0.2.7:8000"


@pytest.mark.parametrize(
    ("host", "secure", "https_url", "status"),
    [
        ("localhost:8000", False, "", 200),
        ("127.0.0.1", False, "", 200),
        ("[::1]:8000", False, "", 200),
        ("may1.localhost:8000", False, "", 200),
        ("192.0.2.7:8000", True, "", 200),
        ("192.0.2.7:8000", False, "", 426),
        ("192.0.2.7:8001", False, HTTPS, 426),
        ("localhost:8001", False, HTTPS, 426),
        ("localhost.example", False, "", 426),
    ],
)
def test_plain_http_serves_only_this_machine(host, secure, https_url, status, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.HTTPS_URL = https_url
    request = RequestFactory().get("/hop/vao/", secure=secure, headers={"host": host})
    answer = explain_plain_http(lambda _: HttpResponse("the site"))(request)
    assert answer.status_code == status
    assert (b"the site" in answer.content) == (status == 200)


def test_explanation_links_to_the_same_page_over_https(settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.HTTPS_URL = HTTPS
    request = RequestFactory().get("/482913", headers={"host": "192.0.2.7:8001"})
    answer = explain_plain_http(lambda _: HttpResponse())(request)
    assert f'href="{HTTPS}/482913"'.encode() in answer.content


@pytest.mark.django_db
def test_a_form_that_is_too_long_is_told_so(client, settings):
    typed = "a" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = client.post("/hop/dang-nhap/", {"username": typed, "password": "x"})
    assert answer.status_code == 400
    assert "bớt chữ rồi gửi lại" in answer.content.decode()


@pytest.mark.django_db
def test_an_address_that_is_too_long_to_come_back_to_leads_to_the_sign_in_page(client):
    answer = client.get("/hop/viec-nen/", {"q": "a" * 20_000})
    assert (answer.status_code, answer["Location"]) == (302, "/hop/dang-nhap/")
