"""`/desk/administration`: what there is to administer, and what waits."""

from starlette.responses import Response

from remotehandsd import administration, registrations
from remotehandsd.web.administration import log
from remotehandsd.web.administration.administrator import administrator
from remotehandsd.web.administration.shapes import SHAPES
from remotehandsd.web.borrowed import hidden_from
from remotehandsd.web.call import Call
from remotehandsd.web.pages import page


async def show(call: Call) -> Response:
    """Show how many there are of each kind, who waits for an answer, and what was done last."""
    found = await administrator(call)
    there = await call.look(administration.everything)
    hidden = await hidden_from(call, found)
    done = await call.look(administration.log, most=10)
    return page(
        "administration/home.html",
        visitor=found,
        here="administration",
        at="home",
        counts=[
            (shape.name, sum(not thing.retired and id_ not in hidden for id_, thing in there[shape.kind].items()))
            for shape in SHAPES
        ],
        waiting=[] if found.session.is_bound else await call.look(registrations.waiting),
        lines=log.lines(done, hidden, found),
        now=call.house.now(),
    )
