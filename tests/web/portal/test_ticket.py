"""One ticket by the pages: what is seen, said, attached, changed, called off, printed."""

import re

import pytest

from cast import Desk, Person
from visiting import HOME, PICTURE, Visit, hidden


def _at(number: str) -> str:
    return f"{HOME}/tickets/{number}"


async def test_everything_a_customer_may_know_in_its_order(ada_visits: Visit, ada: Person, dora: Desk) -> None:
    number = await ada.opens(
        location="Data Hall A, Cage 12",
        detailedInstruction="Line one\nLine two",
        notificationRecipients="ops@example.com",
    )
    await ada.comments(number, "The door code is 4711.")
    await dora.does("start", number)
    await dora.does("comments", number, {"comment": "only for us", "internal": True})
    await dora.does("assign", number, {"email": "tom@operator.example"})
    await dora.does("comments", number, {"comment": "I am at the rack."})
    await ada.attaches(number, b"x" * 1500, "wiring plan.txt")
    await ada.put(f"/v1/remotehands-tickets/{number}", {"customerReference": "CHG-7"})
    await ada.cancels(number)
    await dora.does("refuse-cancellation", number, {"comment": "It is nearly done."})
    await dora.does("complete", number)
    page = (await ada_visits.get(_at(number))).text
    happened = re.findall(r'<p class="happened">(.*?) <span', page)
    assert happened == [
        "Ada Example opened the ticket",
        "Ada Example wrote",
        "Dora Dispatcher began the work",
        "Dora Dispatcher wrote",
        "Ada Example attached wiring plan.txt",
        "Ada Example changed the ticket",
        "Ada Example asked for a cancellation (Request no longer needed)",
        "Dora Dispatcher did not grant the cancellation; the ticket goes on",
        "Dora Dispatcher completed the work",
    ]
    said = re.findall(r'<p class="said">(.*?)</p>', page)
    assert said == ["The door code is 4711.", "I am at the rack.", "It is nearly done."]
    assert "Line one\nLine two</p>" in page
    assert "Your reference: none → CHG-7" in page
    assert "1.5 kB" in page
    assert "only for us" not in page
    assert "Tom Technician" not in page, "who was given the ticket is the operator's own"
    assert "data-live" not in page, "it is over"
    for form in ("/comment", "/edit", "/files", "/cancel"):
        assert f'"{_at(number)}{form}"' not in page


async def test_an_open_ticket_is_live_and_may_be_worked_with(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    page = (await ada_visits.get(_at(number))).text
    assert set(re.findall(r'<div[^>]*data-live="5"[^>]*>', page)) != set()
    for form in ("/comment", "/edit", "/files", "/cancel"):
        assert f"{_at(number)}{form}" in page
    await ada.cancels(number)
    page = (await ada_visits.get(_at(number))).text
    assert f"{_at(number)}/comment" in page
    assert f"{_at(number)}/edit" not in page
    assert f"{_at(number)}/cancel" not in page


@pytest.mark.parametrize("name", ["WO7568", "WO1", "wo1000001", "1000001", "WO99999999999999999999", "<b>", "%00"])
async def test_what_is_no_ticket(ada_visits: Visit, name: str) -> None:
    for path in ("", "/print", "/cancel", "/files/" + "0" * 32):
        answer = await ada_visits.get(f"{HOME}/tickets/{name}{path}")
        assert answer.status_code == 404
        assert "<b>" not in answer.text
    for path, fields in (("comment", {"comment": "x"}), ("edit", {}), ("cancel", {"reason": "Duplicate request"})):
        assert (await ada_visits.post(f"{HOME}/tickets/{name}/{path}", fields)).status_code == 404


async def test_a_comment(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    answer = await ada_visits.post(f"{_at(number)}/comment", {"comment": "Two\r\nlines"})
    assert answer.headers["location"] == f"{_at(number)}?done=commented#happened"
    (comment,) = (await ada.ticket(number))["comments"]
    assert (comment["comment"], comment["commentedBy"]) == ("Two\nlines", "Ada Example")
    page = (await ada_visits.get(f"{_at(number)}?done=commented")).text
    assert "Your comment is on the ticket." in page


@pytest.mark.parametrize("text", ["", "   ", "x" * 4097, "nul\0"])
async def test_a_comment_that_cannot_be(ada_visits: Visit, ada: Person, text: str) -> None:
    number = await ada.opens()
    answer = await ada_visits.post(f"{_at(number)}/comment", {"comment": text})
    assert answer.status_code == 422
    assert 'id="e-comment"' in answer.text
    assert not text.strip() or text[:3] in answer.text
    assert (await ada.ticket(number))["comments"] == []


async def test_what_comes_too_late_shows_the_ticket_as_it_is_and_what_was_typed(
    ada_visits: Visit, ada: Person, dora: Desk
) -> None:
    number = await ada.opens()
    await dora.does("start", number)
    await dora.does("complete", number)
    before = await ada.ticket(number)
    for path, fields in (
        ("comment", {"comment": "One more thing"}),
        ("edit", {"customer_reference": "One more thing", "recipients": ""}),
        ("cancel", {"reason": "Duplicate request"}),
    ):
        answer = await ada_visits.post(f"{_at(number)}/{path}", fields)
        assert answer.status_code == 409
        assert "This is not possible while the ticket is Completed." in answer.text
        assert "Completed</span>" in answer.text
        if path != "cancel":
            assert "One more thing" in answer.text
    assert (await ada_visits.get(f"{_at(number)}/cancel")).status_code == 409
    answer = await ada_visits.post(f"{_at(number)}/files", files={"file": ("late.txt", b"late")})
    assert answer.status_code == 422
    assert "late.txt</a>: This is not possible while the ticket is Completed." in answer.text
    assert await ada.ticket(number) == before


async def test_reference_and_recipients(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens(notificationRecipients="ops@example.com", customerReference="A")
    page = (await ada_visits.get(_at(number))).text
    assert hidden(page, "_environment") == "playground"
    answer = await ada_visits.post(f"{_at(number)}/edit", {"customer_reference": "B", "recipients": ""})
    assert answer.headers["location"] == f"{_at(number)}?done=edited"
    ticket = await ada.ticket(number)
    assert (ticket["customerReference"], ticket["notificationRecipients"]) == ("B", "")
    wrong = await ada_visits.post(f"{_at(number)}/edit", {"customer_reference": "C", "recipients": "x@@y"})
    assert wrong.status_code == 422
    assert '<details class="editing" open' in wrong.text
    assert 'value="x@@y"' in wrong.text
    assert (await ada.ticket(number))["customerReference"] == "B"


async def test_calling_off_is_asked_for_with_a_warning(ada_visits: Visit, ada: Person, dora: Desk) -> None:
    number = await ada.opens()
    page = (await ada_visits.get(f"{_at(number)}/cancel")).text
    assert "Fees might still apply to this request if work has already started." in page
    assert "The work has begun." not in page
    assert re.findall(r'name="reason" value="([^"]*)"', page) == [
        "Duplicate request",
        "Request entered in error",
        "Request no longer needed",
    ]
    await dora.does("start", number)
    assert "The work has begun." in (await ada_visits.get(f"{_at(number)}/cancel")).text
    for wrong in ("", "because"):
        answer = await ada_visits.post(f"{_at(number)}/cancel", {"reason": wrong})
        assert answer.status_code == 422
        assert "Choose one of the reasons." in answer.text
    assert (await ada.ticket(number))["status"] == "In Progress"
    answer = await ada_visits.post(f"{_at(number)}/cancel", {"reason": "Duplicate request"})
    assert answer.headers["location"] == f"{_at(number)}?done=cancelled"
    ticket = await ada.ticket(number)
    assert (ticket["status"], ticket["cancelReason"]) == ("Cancellation Requested", "Duplicate request")


async def test_files_are_attached_once_and_come_back_as_they_went(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    files = [("file", ("plan.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")), ("file", ("b.txt", b"b"))]
    for _ in range(2):
        answer = await ada_visits.post(f"{_at(number)}/files", files=files)
        assert answer.headers["location"] == f"{_at(number)}?done=attached#files"
    kept = (await ada.get(f"/v1/attachments/{number}")).json()
    assert [file["filename"] for file in kept] == ["plan.svg", "b.txt"]
    answer = await ada_visits.get(f"{_at(number)}/files/{kept[0]['id']}")
    assert answer.content == b"<svg onload='alert(1)'/>"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_form_without_a_file_says_so(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    answer = await ada_visits.post(f"{_at(number)}/files", files={"file": ("", b"")})
    assert answer.status_code == 422
    assert "No file was chosen." in answer.text


async def test_another_file_of_the_same_name_is_kept(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    for content in (b"one", b"two"):
        await ada_visits.post(f"{_at(number)}/files", files={"file": ("image.jpg", content)})
    assert len((await ada.get(f"/v1/attachments/{number}")).json()) == 2


async def test_a_file_name_that_cannot_be(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    answer = await ada_visits.post(f"{_at(number)}/files", files={"file": ("x" * 256, b"one")})
    assert answer.status_code == 422
    assert "One file is not on the ticket." in answer.text
    assert (await ada.get(f"/v1/attachments/{number}")).json() == []


async def test_on_paper_stands_all_there_is(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens(
        location="Data Hall A",
        detailedInstruction="Line one",
        customerReference="CHG-9",
        referenceTicket="WO7",
        notificationRecipients="ops@example.com",
    )
    await ada.comments(number, "Mind the step.")
    file = (await ada.attaches(number, b"x")).json()
    page = (await ada_visits.get(f"{_at(number)}/print")).text
    for shown in (
        number,
        "Reboot the firewall in rack 7",
        "PHX015",
        "Data Hall A",
        "Urgent Work",
        "Power cycle or reboot",
        "Line one",
        "CHG-9",
        "WO7",
        "ops@example.com",
        "Mind the step.",
        "report.txt",
        file["hash"],
        "Example Ltd",
        "America/Phoenix",
        "Playground",
    ):
        assert shown in page, shown


async def test_pictures_are_seen_small(ada_visits: Visit, ada: Person) -> None:
    number = await ada.opens()
    for name, content in (("rack.PNG", PICTURE), ("fake.png", b"<svg onload=alert(1)>"), ("plan.pdf", PICTURE)):
        await ada.attaches(number, content, name)
    kept = (await ada.get(f"/v1/attachments/{number}")).json()
    page = (await ada_visits.get(_at(number))).text
    addresses = re.findall(r'<img src="([^"]*preview)" alt=""', page)
    assert addresses == [f"{_at(number)}/files/{file['id']}/preview" for file in kept[:2]]
    small = await ada_visits.get(addresses[0])
    assert (small.status_code, small.headers["content-type"]) == (200, "image/webp")
    assert small.content[8:12] == b"WEBP"
    assert small.headers["x-content-type-options"] == "nosniff"
    assert small.headers["cache-control"] == "private, max-age=86400"
    known = await ada_visits.web.get(
        addresses[0], headers=ada_visits.headers | {"If-None-Match": small.headers["etag"]}
    )
    assert known.status_code == 304
    assert (await ada_visits.get(addresses[1])).status_code == 404, "what it is, its bytes say"
