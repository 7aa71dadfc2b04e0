"""A certificate that phones would refuse is refused at the start, with the one thing that is wrong."""

import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ballots.demo.serving import ServerFailed, make_certificate
from ballots.service import certificates
from ballots.service.certificates import Certificate, checked, own

HOST = "hop.xa.example"


@pytest.fixture
def pair(tmp_path) -> Certificate:
    path = make_certificate(HOST, tmp_path)
    return Certificate(path, path)


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def locked_key(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    lock = serialization.BestAvailableEncryption(b"1234")
    form = serialization.PrivateFormat.PKCS8
    return written(folder, "locked", key.private_bytes(serialization.Encoding.PEM, form, lock))


def other_key(folder: Path) -> Path:
    (folder / "other").mkdir()
    return make_certificate(HOST, folder / "other")


WRONG = {
    "no file": (
        lambda pair, folder: pair._replace(certificate=folder / "none"),
        "Không đọc được tệp",
    ),
    "no certificate": (
        lambda pair, folder: pair._replace(certificate=written(folder, "c", b"\x30\x82 DER")),
        "không phải chứng thư PEM",
    ),
    "no key": (
        lambda pair, folder: pair._replace(key=written(folder, "k", b"hello")),
        "không phải khoá riêng PEM",
    ),
    "locked key": (lambda pair, folder: pair._replace(key=locked_key(folder)), "có mật khẩu"),
    "key of another": (
        lambda pair, folder: pair._replace(key=other_key(folder)),
        "không phải của chứng thư",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_files_are_named_in_one_sentence(wrong, pair, tmp_path):
    spoil, sentence = WRONG[wrong]
    with pytest.raises(ServerFailed, match=sentence):
        checked(spoil(pair, tmp_path), HOST)


@pytest.mark.parametrize(
    ("days", "sentence"), [(8, "đã hết hạn ngày"), (-8, "có hiệu lực từ ngày")]
)
def test_certificate_out_of_its_time_is_refused(days, sentence, pair, time_machine):
    time_machine.move_to(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days))
    with pytest.raises(ServerFailed, match=sentence):
        checked(pair, HOST)


@pytest.mark.parametrize(
    ("named", "host", "fits"),
    [
        (HOST, HOST.upper(), True),
        (HOST, "xa.example", False),
        ("*.xa.example", HOST, True),
        ("*.xa.example", "a.hop.xa.example", False),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
    ],
)
def test_certificate_has_to_be_made_out_to_the_host(named, host, fits, tmp_path):
    path = make_certificate(named, tmp_path)
    if fits:
        assert checked(Certificate(path, path), host)
        return
    with pytest.raises(ServerFailed, match="không phải cho"):
        checked(Certificate(path, path), host)


def test_own_certificate_is_kept_until_its_end_is_near(tmp_path, time_machine):
    first = own(HOST, tmp_path / "tls").certificate.read_bytes()
    assert own(HOST, tmp_path / "tls").certificate.read_bytes() == first
    later = datetime.timedelta(days=certificates.DAYS) - certificates.RENEWED_BEFORE
    time_machine.move_to(datetime.datetime.now(datetime.UTC) + later)
    assert own(HOST, tmp_path / "tls").certificate.read_bytes() != first


def test_own_certificate_is_made_anew_for_another_host_or_when_it_is_broken(tmp_path):
    first = own(HOST, tmp_path).certificate.read_bytes()
    second = own("192.0.2.7", tmp_path).certificate
    assert second.read_bytes() != first
    second.write_bytes(b"half")
    assert checked(own("192.0.2.7", tmp_path), "192.0.2.7")
    assert [path.name for path in tmp_path.iterdir()] == ["certificate.pem"]
