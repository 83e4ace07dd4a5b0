from cast import Desk, Person


async def test_a_ticket_moves(ada: Person, dora: Desk) -> None:
    id_ = await ada.opens()
    assert (await dora.does("start", id_)).status_code == 200
    assert (await ada.ticket(id_))["status"] == "In Progress"
