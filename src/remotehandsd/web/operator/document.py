"""placeholder until written"""
from remotehandsd.web.call import Call
from starlette.responses import Response


async def show(call: Call) -> Response:
    return Response("{}")
