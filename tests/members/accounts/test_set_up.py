"""An empty installation: one page, one code, one first officer."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from cells.models import Cell, Committee
from members.accounts import set_up
from members.accounts.set_up import FirstRun
from members.models import AuditEntry, Member, Office, User
from tests.kit import factories
from tests.kit.clients import browser, words_of
from tests.kit.threads import together

PAGE = "/hop/bat-dau/"
PASSWORD = "con ngựa đúng pin kẹp giấy"


@pytest.fixture(autouse=True)
def _nobody_has_begun(monkeypatch) -> None:
    monkeypatch.setattr(FirstRun, "has_begun", False)


def filled(code: str, **changes: str) -> dict[str, str]:
    values = {
        "scope": "committee",
        "committee": "Đảng bộ phường Tân Lập",
        "cell": "",
        "place": "Tân Lập",
        "name": "Nguyễn Thị Hoa",
        "username": "hoa.tanlap",
        "password": PASSWORD,
        "again": PASSWORD,
        "code": code,
    }
    return values | changes


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/482913",
        "/hop/",
        "/hop/dang-nhap/",
        "/hop/vao/",
        "/hop/cho/",
        "/hop/khong-co/",
        "/hop/quan-tri/",
    ],
)
def test_every_address_leads_to_the_one_page(address):
    answer = browser().get(address)
    assert (answer.status_code, answer.url) == (302, PAGE)
    assert browser().get(PAGE).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/suc-khoe/", "/suc-khoe/san-sang/", "/static/css/tokens.css"]
)
def test_what_proxies_and_pages_ask_is_answered_before_the_beginning(address):
    assert browser().get(address).status_code == 200


@pytest.mark.django_db
def test_who_watches_the_server_is_not_led_away():
    assert browser().get("/suc-khoe/", follow=False).status_code != 302


@pytest.mark.django_db
def test_a_page_that_renews_itself_is_led_there_whole():
    assert browser().get("/hop/", headers={"HX-Request": "true"})["HX-Redirect"] == PAGE


@pytest.mark.django_db
def test_the_first_officer_of_a_committee_is_signed_in_and_the_page_is_gone():
    client = browser()
    answer = client.post(PAGE, filled(set_up.new_code()))
    committee, user = Committee.objects.get(), User.objects.get()
    assert answer.url == f"/hop/dang-bo/{committee.pk}/con-thieu/"
    assert "Còn thiếu gì trước tháng 12" in words_of(client.get(answer.url))
    assert (committee.name, committee.place) == ("Đảng bộ phường Tân Lập", "Tân Lập")
    assert (user.committee, user.member, user.get_full_name()) == (
        committee,
        None,
        "Nguyễn Thị Hoa",
    )
    assert user.check_password(PASSWORD)
    assert (user.is_superuser, user.is_staff) == (False, False)
    assert client.get("/hop/", follow=True).status_code == 200
    assert AuditEntry.objects.get().verb == "installation.begun"
    assert browser().get(PAGE).url == "/hop/dang-nhap/"
    assert browser().get("/hop/vao/").status_code == 200


@pytest.mark.django_db
def test_the_first_officer_of_a_cell_alone_is_its_secretary_and_opens_its_campaigns():
    client = browser()
    client.post(PAGE, filled(set_up.new_code(), scope="cell", cell="Chi bộ Khu phố 4"))
    cell, member, user = Cell.objects.get(), Member.objects.get(), User.objects.get()
    assert (cell.name, member.name, member.cell) == ("Chi bộ Khu phố 4", "Nguyễn Thị Hoa", cell)
    assert Office.objects.get().kind == Office.Kind.SECRETARY
    assert list(user.own_cells()) == [cell]
    assert "Chi bộ Khu phố 4" in words_of(client.get("/hop/"))
    assert client.get(f"/hop/dang-bo/{cell.committee_id}/dot-kiem-diem/").status_code == 200


REFUSED = {
    "no committee": ({"committee": " "}, "Xin ghi tên đảng bộ."),
    "no cell": ({"scope": "cell"}, "Xin ghi tên chi bộ, hoặc chọn “Một đảng bộ”."),
    "no name": ({"name": ""}, "Xin ghi họ và tên."),
    "accents": ({"username": "hoa tân lập"}, "Tên đăng nhập chỉ gồm chữ không dấu"),
    "other password": ({"again": "khác"}, "Hai lần gõ mật khẩu khác nhau."),
    "weak password": ({"password": "12345678", "again": "12345678"}, "quá"),
    "no code": ({"code": ""}, "Xin gõ mã cài đặt in trên màn hình của máy chủ."),
    "wrong code": ({"code": "BBBB-BBBB-BBBB"}, "Mã cài đặt không đúng"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", REFUSED)
def test_what_is_missing_or_wrong_is_told_beside_it_and_the_code_stays_good(wrong):
    changes, sentence = REFUSED[wrong]
    code = set_up.new_code()
    answer = browser().post(PAGE, filled(code) | changes)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert not Committee.objects.exists()
    assert browser().post(PAGE, filled(code)).status_code == 302


@pytest.mark.django_db
def test_a_code_is_read_however_it_is_typed():
    code = set_up.new_code()
    typed = f" {code.replace('-', ' ').lower()} ".replace("z", "2")
    assert browser().post(PAGE, filled(typed)).status_code == 302


@pytest.mark.django_db
def test_a_new_code_ends_the_former_and_none_is_kept_in_the_clear():
    former, code = set_up.new_code(), set_up.new_code()
    assert browser().post(PAGE, filled(former)).status_code == 422
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM members_setupcode")
        row = str(cursor.fetchall())
    assert code.replace("-", "") not in row
    assert browser().post(PAGE, filled(code)).status_code == 302


@pytest.mark.django_db
def test_guessing_is_limited():
    code, client = set_up.new_code(), browser()
    wrong = [client.post(PAGE, filled("BBBB-BBBB-BBBB")).status_code for _ in range(10)]
    assert set(wrong) == {422}
    answer = client.post(PAGE, filled(code))
    assert answer.status_code == 429
    assert "vừa bị gõ sai nhiều lần: xin đợi" in words_of(answer)


@pytest.mark.django_db
def test_a_code_opens_nothing_once_there_is_somebody():
    code = set_up.new_code()
    factories.make_committee()
    assert browser().post(PAGE, filled(code)).url == "/hop/dang-nhap/"
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_at_once_one_begins_and_the_other_is_told():
    code = set_up.new_code()
    answers = together(
        *(lambda n=n: browser().post(PAGE, filled(code, username=f"may{n}")) for n in range(2))
    )
    assert sorted(answer.status_code for answer in answers)[0] == 302
    assert (Committee.objects.count(), User.objects.count()) == (1, 1)
    (loser,) = [a for a in answers if a.wsgi_request.user.is_anonymous]
    if loser.status_code == 302:
        assert loser.url == "/hop/dang-nhap/"
    else:
        assert "vừa được cài đặt từ một trình duyệt khác" in words_of(loser)


@pytest.mark.django_db
def test_the_command_prints_a_code_only_where_nobody_has_begun():
    out, err = io.StringIO(), io.StringIO()
    call_command("set_up_code", stdout=out)
    assert browser().post(PAGE, filled(out.getvalue())).status_code == 302
    with pytest.raises(SystemExit, match="1"):
        call_command("set_up_code", stderr=err)
    assert "đã được cài đặt" in err.getvalue()


@pytest.mark.django_db
def test_it_asks_no_more_once_somebody_has_begun(django_assert_num_queries):
    factories.make_committee()
    client = browser()
    client.get("/static/css/tokens.css")
    client.get("/hop/dang-nhap/")
    with django_assert_num_queries(0):
        client.get("/hop/dang-nhap/")
