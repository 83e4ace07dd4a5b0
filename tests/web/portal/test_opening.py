"""A new ticket by the pages: written, looked at once more, ordered."""

import html
import re

import httpx
import pytest

from at_pages import OURS
from cast import Person
from conftest import load_text
from remotehandsd.house import House
from remotehandsd.tickets import CATEGORIES
from remotehandsd.web.portal.opening import BY_VALUE
from visiting import FORM, HOME, LABS, Visit, hidden, visit

NEW = f"{HOME}/tickets/new"


async def test_the_form_offers_sites_work_and_recipients(ada_visits: Visit) -> None:
    page = (await ada_visits.get(NEW)).text
    assert re.findall(r'<option value="([A-Z0-9]{6})"', page) == ["IAD024", "PHX015"]
    assert len(re.findall(r'type="radio" name="work"', page)) == 13 == len(BY_VALUE)
    for request_type, categories in CATEGORIES.items():
        for category in categories:
            assert f'value="{request_type} / {category}"' in page
    assert 'value="ada@example.com"' in page
    assert "Data Hall A, Cage 12" not in page, "no site is chosen yet"
    assert "Data Hall A, Cage 12" in (await ada_visits.get(f"{NEW}?site=PHX015")).text
    assert "Musterhaus" not in (await ada_visits.get(f"{NEW}?site=FRA003")).text, "another tenant's site"
    only = (await ada_visits.get(f"{LABS}/tickets/new")).text
    assert '<option value="IAD024" selected>' in only


async def test_every_pair_has_its_line_and_questions() -> None:
    for work in BY_VALUE.values():
        assert work.line
        assert "must not be touched" in work.template
        assert re.search(r"[Rr]ack", work.template)
        assert work.template.count("\n") >= 5


async def test_without_a_script_locations_and_questions_come_by_a_button(ada_visits: Visit) -> None:
    typed = FORM | {"instruction": "", "do": "template"}
    page = await ada_visits.post(f"{NEW}/preview", typed)
    assert page.status_code == 200
    assert "Device (name and label on the front):" in page.text
    assert 'value="Reboot the firewall in rack 7"' in page.text, "nothing typed is lost"
    kept = await ada_visits.post(f"{NEW}/preview", typed | {"instruction": "My own words"})
    assert "My own words" in kept.text
    assert ">\nMy own words</textarea>" in kept.text, "what was typed is not written over"
    lost = await ada_visits.post(f"{NEW}/preview", typed | {"work": ""})
    assert "Choose what is to be done." in lost.text
    sites = await ada_visits.post(f"{NEW}/preview", FORM | {"do": "site", "title": ""})
    assert "Data Hall A, Cage 12" in sites.text
    assert 'id="faults"' not in sites.text


async def test_looked_at_once_more_then_ordered(ada_visits: Visit, ada: Person) -> None:
    form = (await ada_visits.get(NEW)).text
    once = hidden(form, "_once")
    summary = await ada_visits.post(f"{NEW}/preview", FORM | {"_once": once})
    assert summary.status_code == 200
    for shown in (
        "Reboot the firewall in rack 7",
        "Power cycle or reboot",
        "Hold the button for ten seconds.",
        "Data Hall A, Cage 12",
        "12 Example Road",
        "<li><bdi>ops@example.com</bdi></li>",
        "<li><bdi>noc@example.com</bdi></li>",
        "CHG-1042",
        "The operator decides what is charged",
        "orders it for Example Ltd",
        "This server sends no mail.",
    ):
        assert shown in summary.text, shown
    assert (await ada.get("/v1/remotehands-tickets")).json()["content"] == [], "nothing is ordered yet"
    carried = {name: hidden(summary.text, name) for name in (*FORM, "_once")}
    assert carried == FORM | {"_once": once}
    answer = await ada_visits.post(f"{NEW}/order", carried)
    number = answer.headers["location"].rpartition("/")[2].partition("?")[0]
    ticket = await ada.ticket(number)
    assert ticket["title"] == FORM["title"]
    assert ticket["location"] == FORM["location"]
    assert (ticket["requestType"], ticket["category"]) == ("Urgent Work", "Power cycle or reboot")
    assert ticket["detailedInstruction"] == FORM["instruction"]
    assert ticket["notificationRecipients"] == FORM["recipients"]
    assert ticket["customerReference"] == "CHG-1042"
    assert ticket["createdBy"] == "Ada Example"
    shown_ = (await ada_visits.get(answer.headers["location"])).text
    assert f"Ordered as {number}." in shown_
    assert 'data-draft-done="new-0011A00001AaAB1ABC"' in shown_


async def test_the_way_back_from_the_summary(ada_visits: Visit) -> None:
    page = await ada_visits.post(f"{NEW}/preview", FORM | {"do": "change"})
    assert page.status_code == 200
    assert 'value="Reboot the firewall in rack 7"' in page.text
    assert 'value="Urgent Work / Power cycle or reboot"' in page.text
    assert 'id="faults"' not in page.text
    for address in (f"{NEW}/preview", f"{NEW}/order"):
        assert (await ada_visits.get(address)).headers["location"] == NEW


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Say in a title what is to be done."),
        ({"title": "x" * 161}, "At most 160 characters are possible."),
        ({"site": ""}, "Choose one of your sites."),
        ({"site": "FRA003"}, "The account has no such site."),
        ({"site": "NOWHERE"}, "Choose one of your sites."),
        ({"work": ""}, "Choose what is to be done."),
        ({"work": "Urgent Work / Tape swaps"}, "Choose what is to be done."),
        ({"work": "<b>"}, "Choose what is to be done."),
        ({"recipients": "ops@example.com, a@@b.com"}, "&#39;a@@b.com&#39; is not an e-mail address."),
        ({"recipients": "ops@example.com,,x"}, "There is a comma without an address beside it."),
        ({"recipients": f"<b>{'x' * 90}"}, f"&#39;&lt;b&gt;{'x' * 57}...&#39; is not an e-mail address."),
        ({"location": "x" * 41}, "At most 40 characters are possible."),
        ({"instruction": "x" * 32_769}, "At most 32768 characters are possible."),
        (
            {"instruction": BY_VALUE["Urgent Work / Other"].template},
            "Instruction: answer the questions, or empty the field.",
        ),
        ({"customer_reference": "x" * 41}, "At most 40 characters are possible."),
        ({"title": "nul\0here"}, "This must be a text."),
    ],
)
async def test_what_is_not_right_is_said_and_nothing_typed_is_lost(
    ada_visits: Visit, ada: Person, fields: dict[str, str], sentence: str
) -> None:
    for step in ("preview", "order"):
        page = await ada_visits.post(f"{NEW}/{step}", FORM | {"customer_reference": "KEPT-1"} | fields)
        assert page.status_code == 422
        assert sentence in page.text
        assert 'role="alert"' in page.text
        if "customer_reference" not in fields:
            assert 'value="KEPT-1"' in page.text
    assert (await ada.get("/v1/remotehands-tickets")).json()["content"] == []


async def test_all_faults_at_once_each_leading_to_its_field(ada_visits: Visit) -> None:
    page = (await ada_visits.post(f"{NEW}/preview", {"recipients": "x"})).text
    assert "4 things are not right yet." in page
    for name in ("title", "site", "work", "recipients"):
        assert f'href="#f-{name}"' in page
        assert f'id="f-{name}"' in page


async def test_an_unknown_location_is_ordered_with_a_word_of_warning(ada_visits: Visit, ada: Person) -> None:
    page = await ada_visits.post(f"{NEW}/preview", FORM | {"location": "Cage 99"})
    assert page.status_code == 200
    assert "PHX015 lists no location of this name." in page.text
    assert "lists no location" not in (await ada_visits.post(f"{NEW}/preview", FORM)).text
    nowhere = await ada_visits.post(f"{NEW}/preview", FORM | {"location": "", "instruction": ""})
    assert "No location is given." in nowhere.text
    assert "There is no instruction." in nowhere.text
    number = await ada_visits.orders(location="Cage 99")
    assert (await ada.ticket(number))["location"] == "Cage 99"


class TestWhereLocationsAreChecked:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_CHECK_LOCATION": "yes"}

    async def test_an_unknown_location_is_refused(self, ada_visits: Visit) -> None:
        page = await ada_visits.post(f"{NEW}/preview", FORM | {"location": "Cage 99"})
        assert page.status_code == 422
        assert "The site has no such location." in page.text
        assert 'href="#f-location"' in page.text


async def test_files_go_with_the_order(ada_visits: Visit, ada: Person) -> None:
    files = [
        ("file", ("C:\\pictures\\rack 7.png", b"picture", "image/png")),
        ("file", ("", b"", "application/octet-stream")),
        ("file", ("plan.pdf", b"plan", "application/pdf")),
    ]
    answer = await ada_visits.post(f"{NEW}/order", FORM, files=files)
    assert answer.status_code == 303
    number = answer.headers["location"].rpartition("/")[2].partition("?")[0]
    kept = (await ada.get(f"/v1/attachments/{number}")).json()
    assert [file["filename"] for file in kept] == ["rack 7.png", "plan.pdf"]


class TestLittleRoom:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {"REMOTEHANDS_MAX_FILE_BYTES": "1000", "REMOTEHANDS_MAX_TICKET_BYTES": "1500"}

    async def test_a_file_that_fails_leaves_the_ticket_and_is_offered_again(
        self, ada_visits: Visit, ada: Person
    ) -> None:
        files = [
            ("file", ("large <b>.bin", b"x" * 1001)),
            ("file", ("empty.txt", b"")),
            ("file", ("first.txt", b"x" * 900)),
            ("file", ("second.txt", b"x" * 900)),
            ("file", ("third.txt", b"x" * 500)),
        ]
        answer = await ada_visits.post(f"{NEW}/order", FORM, files=files)
        assert answer.status_code == 422
        page = answer.text
        assert "3 files are not on the ticket." in page
        assert "large &lt;b&gt;.bin</a>: This file is larger than is allowed." in page
        assert "empty.txt</a>: This file is empty." in page
        assert "second.txt</a>: The ticket&#39;s files would be too large together." in page
        (ticket,) = (await ada.get("/v1/remotehands-tickets")).json()["content"]
        assert f'action="{HOME}/tickets/{ticket["id"]}/files"' in page
        assert f"Ordered as {ticket['id']}." in page
        kept = (await ada.get(f"/v1/attachments/{ticket['id']}")).json()
        assert [file["filename"] for file in kept] == ["first.txt", "third.txt"]

    async def test_what_is_too_large_altogether(self, ada_visits: Visit, ada: Person) -> None:
        files = [("file", ("first.txt", b"x" * 900)), ("file", ("huge.bin", b"x" * 200_000))]
        answer = await ada_visits.post(f"{NEW}/order", FORM, files=files)
        assert answer.status_code == 422
        assert "huge.bin</a>: This file is larger than is allowed." in answer.text
        (ticket,) = (await ada.get("/v1/remotehands-tickets")).json()["content"]
        assert [file["filename"] for file in (await ada.get(f"/v1/attachments/{ticket['id']}")).json()] == ["first.txt"]


async def test_an_upload_that_breaks_off_leaves_the_ticket(ada_visits: Visit, ada: Person) -> None:
    fields = FORM | {"_environment": "playground", "_once": "once"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    parts += [
        f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n{name} has content'
        for name in ("whole.txt", "half.txt")
    ]
    content = "".join(parts[:-1]) + "\r\n" + parts[-1]
    headers = ada_visits.headers | OURS | {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await ada_visits.web.post(f"{NEW}/order", content=content.encode(), headers=headers)
    assert answer.status_code == 422
    assert "half.txt</a>: The files did not arrive whole." in answer.text
    (ticket,) = (await ada.get("/v1/remotehands-tickets")).json()["content"]
    assert f"Ordered as {ticket['id']}." in answer.text
    kept = (await ada.get(f"/v1/attachments/{ticket['id']}")).json()
    assert [file["filename"] for file in kept] == ["whole.txt"]


async def test_who_was_signed_out_gets_back_what_he_typed(web: httpx.AsyncClient, house: House, ada: Person) -> None:
    nobody = Visit(web)
    typed = FORM | {"instruction": 'Two lines\n<script>alert("x")</script> and more words', "_once": "my key"}
    for step in ("preview", "order"):
        answer = await nobody.post(f"{NEW}/{step}", typed, files={"file": ("a", b"a")} if step == "order" else None)
        assert answer.status_code == 401
        assert "You are no longer signed in." in answer.text
        assert f'action="{NEW}/preview"' in answer.text, "files have to be chosen again"
        assert "<script>alert" not in answer.text
        assert hidden(answer.text, "title") == FORM["title"]
        assert hidden(answer.text, "_once") == "my key"
    cancelled = await nobody.post(f"{HOME}/tickets/WO1000001/cancel", {"reason": "Duplicate request"})
    assert '<p class="panel as-typed">Duplicate request</p>' in cancelled.text, "one sees what is sent again"
    ada_again = await visit(web, house, "ada@example.com")
    assert (await ada_again.post(f"{NEW}/preview", typed)).status_code == 200
    foreign = await web.post(f"{NEW}/preview", data=typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert "Two lines" not in foreign.text


async def test_an_account_without_a_site(web: httpx.AsyncClient, house: House) -> None:
    await load_text(
        house,
        """
environment = "playground"
[[master_accounts]]
id = "300"
name = "New"
  [[master_accounts.accounts]]
  id = "0033A00001AaAB1ABC"
  name = "New Ltd"
[[users]]
email = "nia@example.com"
name = "Nia New"
accounts = ["0033A00001AaAB1ABC"]
permissions = ["Service Tickets-Remote Hands"]
""",
    )
    nia = await visit(web, house, "nia@example.com")
    page = await nia.get("/portal/0033A00001AaAB1ABC/tickets/new")
    assert page.status_code == 200
    assert "No site is assigned to this account." in page.text


@pytest.mark.parametrize(
    ("headers", "content", "status"),
    [
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"no such form", 400),
        (
            {"Content-Type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n',
            400,
        ),
        (
            {"Content-Type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            400,
        ),
        ({"Content-Type": "multipart/form-data"}, b"", 400),
        ({"Content-Type": "application/json"}, b"{}", 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"title=%FF", 400),
    ],
)
async def test_what_is_no_form(ada_visits: Visit, headers: dict[str, str], content: bytes, status: int) -> None:
    answer = await ada_visits.web.post(f"{NEW}/order", content=content, headers=ada_visits.headers | OURS | headers)
    assert answer.status_code == status


async def test_questions_without_an_answer_are_named(ada_visits: Visit, ada: Person) -> None:
    first, second, *others, last = BY_VALUE["Urgent Work / Other"].template.strip().splitlines()
    assert len(others) > 1
    typed = "\r\n".join([f"{first} the firewall", second, "  below: rack 7, unit 12", *others, "", f"{last} it pings"])
    page = await ada_visits.post(f"{NEW}/preview", FORM | {"work": "Urgent Work / Other", "instruction": typed})
    assert page.status_code == 200
    assert re.findall(r"<li>(.*:)</li>", page.text) == [html.escape(one) for one in others]
    whole = "\n".join(f"{one} yes" for one in (first, second, *others, last))
    page = await ada_visits.post(f"{NEW}/preview", FORM | {"work": "Urgent Work / Other", "instruction": whole})
    assert "These questions have no answer" not in page.text
    answer = await ada_visits.post(f"{NEW}/order", FORM | {"work": "Urgent Work / Other", "instruction": typed})
    assert answer.status_code == 303, "it is a warning"


class TestWithMail:
    @pytest.fixture
    def environment(self, environment: dict[str, str]) -> dict[str, str]:
        return environment | {
            "REMOTEHANDS_SMTP_URL": "smtp://127.0.0.1:9",
            "REMOTEHANDS_MAIL_FROM": "hands@operator.example",
            "REMOTEHANDS_MAIL_DOMAINS": "example.com",
        }

    async def test_who_will_not_be_mailed_is_said_before_it_is_ordered(self, ada_visits: Visit) -> None:
        told = "bob@example.com, j\u00f6rg@example.com, x@elsewhere.example, nobody@example.com"
        page = await ada_visits.post(f"{NEW}/preview", FORM | {"recipients": told})
        lines = [re.sub("<[^>]*>", "", line) for line in re.findall(r"<li>(<bdi>.*)</li>", page.text)]
        assert lines == [
            "bob@example.com",
            "j\u00f6rg@example.com No mail goes there: not every mail server takes such an address.",
            "x@elsewhere.example No mail goes there: the operator does not mail this domain.",
            "nobody@example.com No mail goes there: tickets of the playground mail its registered people only.",
        ]
        assert "This server sends no mail." not in page.text
