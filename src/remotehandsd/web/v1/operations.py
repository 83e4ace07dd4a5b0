"""The operations under `/v1`, as the customers' OpenAPI document describes them."""

from remotehandsd.tickets import CATEGORIES, RequestType
from remotehandsd.web.openapi import (
    BROKEN,
    PAIR,
    Json,
    answered,
    choice,
    headers,
    in_path,
    json_body,
    listing,
    operation,
    parameter,
    ref,
    refused,
    text,
)
from remotehandsd.web.openapi_safety import IF_MATCH, IF_NONE_MATCH, KEY, NOT_MODIFIED, TAG
from remotehandsd.web.openapi_ticket import (
    COMMENT_EXAMPLE,
    FILTERS,
    ID,
    LISTED_EXAMPLE,
    PAGING,
    SOMETHING,
    TICKET_EXAMPLE,
    asked,
    page_example,
)
from remotehandsd.web.v1.tickets import CANCELLATION

PERMISSION = "The app's user needs the permission `Service Tickets-Remote Hands`."
OPEN_ONLY = "Not possible once the ticket is Completed or Cancelled."
LOOKING = (400, 401, 429, *BROKEN)
ONE = (400, 401, 404, 429, *BROKEN)
SENDING = (400, 401, 404, 409, 413, 415, 422, 429, *BROKEN)
CHANGING = (*SENDING, 412)

_TICKET = in_path("id", ID)
_LOCATIONS_OF = parameter(
    "site",
    "query",
    text("The site's code.", minLength=1, pattern=SOMETHING, examples=["PHX015"]),
    required=True,
)

ACCOUNT_EXAMPLE = {
    "masterAccountId": "100123",
    "masterAccountName": "Example Holding",
    "accountId": "0011A00001AaAB1ABC",
    "accountName": "Example Ltd",
    "defaultAccount": True,
}
SITE_EXAMPLE = {
    "site": "IAD024",
    "address": "12 Example Road",
    "city": "Ashburn",
    "metro": "Northern Virginia",
    "country": "United States",
}
LOCATIONS_EXAMPLE = [
    {
        "id": "11aa22bb33cc44dd55ee66ff77889901",
        "location": "Data Hall A",
        "parentId": "11aa22bb33cc44dd55ee66ff77889903",
    },
    {"id": "11aa22bb33cc44dd55ee66ff77889903", "location": "Example Building", "parentId": None},
]
CATEGORIES_EXAMPLE = {
    "result": [
        {
            "requestType": {
                "name": str(RequestType.URGENT),
                "categories": [{"name": str(category)} for category in CATEGORIES[RequestType.URGENT]],
            }
        }
    ]
}
OPENING_EXAMPLE = {
    "title": "Test the patch to switch 2",
    "site": "IAD024",
    "requestType": "Urgent Work",
    "category": "Equipment troubleshoot or replacement",
    "detailedInstruction": "Please reseat the optic in port 12",
    "notificationRecipients": "ops@example.com, noc@example.com",
}


def _ok(description: str, name: str, example: object) -> Json:
    return answered(description, ref(name), example)


def _all(description: str, name: str, *example: object) -> Json:
    return answered(description, listing(ref(name), description), list(example))


def _global_sites(id_: str, **more: object) -> Json:
    return operation(
        id_,
        "Sites",
        "All sites",
        "Lists every site of the environment, whether it is assigned to the account or not.",
        {"200": _all("The sites.", "Site", SITE_EXAMPLE), **refused(*LOOKING)},
        parameters=PAIR,
        **more,
    )


ACCOUNTS_AND_SITES: Json = {
    "/v1/accounts": {
        "get": operation(
            "listAccounts",
            "Accounts",
            "The app's accounts",
            "Lists the accounts that the app may use, the default one first. Account headers are not needed.",
            {"200": _all("The accounts.", "Account", ACCOUNT_EXAMPLE), **refused(*LOOKING)},
            parameters=[
                asked(
                    "defaultAccount",
                    {"type": "boolean", "description": "`true`: only the default account."},
                )
            ],
        )
    },
    "/v1/sites": {
        "get": operation(
            "listSites",
            "Sites",
            "The account's sites",
            "Lists the sites that are assigned to the account: those at which it can open tickets.",
            {"200": _all("The sites.", "Site", SITE_EXAMPLE), **refused(*LOOKING)},
            parameters=PAIR,
        )
    },
    "/v1/global-sites": {"get": _global_sites("listGlobalSites")},
    "/v1/globalsites": {"get": _global_sites("listGlobalSitesByOldAddress", deprecated=True)},
    "/v1/locations": {
        "get": operation(
            "listLocations",
            "Sites",
            "The locations of a site",
            "Lists the locations of one site of the account by name; none for a site that it does not have.",
            {"200": _all("The locations.", "Location", *LOCATIONS_EXAMPLE), **refused(*LOOKING)},
            parameters=[*PAIR, _LOCATIONS_OF],
        )
    },
}

TICKETS: Json = {
    "/v1/remotehands-tickets": {
        "post": operation(
            "createTicket",
            "Tickets",
            "Open a ticket",
            "Asks for work. The ticket is New, and can be read and listed at once. 404 is a site that the account "
            f"does not have. {PERMISSION}",
            {
                "201": answered(
                    "The ticket.",
                    ref("Ticket"),
                    TICKET_EXAMPLE | {"status": "New", "comments": []},
                    headers=headers(Location="The ticket's address.") | TAG,
                ),
                **refused(*SENDING),
            },
            parameters=[*PAIR, KEY],
            requestBody=json_body(ref("Opening"), OPENING_EXAMPLE),
        ),
        "get": operation(
            "listTickets",
            "Tickets",
            "The account's tickets",
            "Returns one page of the account's tickets, whoever opened them, newest first. Filters narrow the list "
            f"together and compare exactly; an empty one is not given. {PERMISSION}",
            {"200": _ok("The page.", "TicketPage", page_example(LISTED_EXAMPLE)), **refused(*LOOKING)},
            parameters=[*PAIR, *FILTERS, *PAGING],
        ),
    },
    "/v1/remotehands-tickets/categories": {
        "get": operation(
            "listCategories",
            "Tickets",
            "Request types and categories",
            f"Lists what can be asked for. {PERMISSION}",
            {"200": _ok("The categories.", "Categories", CATEGORIES_EXAMPLE), **refused(*LOOKING)},
            parameters=[
                *PAIR,
                asked("requestType", choice("Only this one, in any case.", RequestType)),
            ],
        )
    },
    "/v1/remotehands-tickets/{id}": {
        "get": operation(
            "getTicket",
            "Tickets",
            "One ticket",
            f"Returns a ticket with its comments. {PERMISSION}",
            {
                "200": answered("The ticket.", ref("Ticket"), TICKET_EXAMPLE, headers=TAG),
                **NOT_MODIFIED,
                **refused(*ONE),
            },
            parameters=[*PAIR, _TICKET, IF_NONE_MATCH],
        ),
        "put": operation(
            "updateTicket",
            "Tickets",
            "Change reference and recipients",
            f"Replaces what is given and leaves the rest. Possible while New or In Progress. {PERMISSION}",
            {
                "200": answered("The ticket after it.", ref("Ticket"), TICKET_EXAMPLE, headers=TAG),
                **refused(*CHANGING),
            },
            parameters=[*PAIR, _TICKET, KEY, IF_MATCH],
            requestBody=json_body(ref("Editing"), {"customerReference": "REF05678"}),
        ),
    },
    "/v1/remotehands-tickets/{id}/cancel": {
        "put": operation(
            "cancelTicket",
            "Tickets",
            "Ask for a cancellation",
            "Asks the operator to call the ticket off; work already done may still be charged. Possible while New "
            f"or In Progress. {PERMISSION}",
            {
                "200": _ok("It was asked for.", "Cancellation", {"message": CANCELLATION.format("WO9342535")}),
                **refused(*CHANGING),
            },
            parameters=[*PAIR, _TICKET, KEY, IF_MATCH],
            requestBody=json_body(ref("Cancelling"), {"cancelReason": "Duplicate request"}, required=False),
        )
    },
}

COMMENTS: Json = {
    "/v1/comments": {
        "post": operation(
            "createComment",
            "Comments",
            "Write on a ticket",
            f"Adds a comment; it stands in the ticket at once. {OPEN_ONLY} {PERMISSION}",
            {"200": _ok("The comment (200, not 201).", "Comment", COMMENT_EXAMPLE), **refused(*SENDING)},
            parameters=[*PAIR, KEY],
            requestBody=json_body(ref("Commenting"), {"requestId": "WO9271371", "comment": COMMENT_EXAMPLE["comment"]}),
        )
    },
    "/v1/comments/{id}": {
        "get": operation(
            "listComments",
            "Comments",
            "A ticket's comments",
            f"Lists the comments of a ticket, oldest first. {PERMISSION}",
            {"200": _all("The comments.", "Comment", COMMENT_EXAMPLE), **refused(*ONE)},
            parameters=[*PAIR, _TICKET],
        )
    },
}
