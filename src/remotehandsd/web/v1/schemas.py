"""The components of the customers' OpenAPI document: what goes over the wire, and how it says no."""

from remotehandsd.tickets import CATEGORIES, Category, RequestType
from remotehandsd.web.openapi import (
    ANSWERS,
    RETRY_AFTER,
    Json,
    answered,
    choice,
    field,
    headers,
    listing,
    optional,
    record,
    ref,
    text,
)
from remotehandsd.web.openapi_file import ATTACHMENT, HEX_32
from remotehandsd.web.openapi_safety import IN_PROGRESS, LIMITED
from remotehandsd.web.openapi_ticket import (
    CANCEL_REASON,
    CATEGORIES_IN_WORDS,
    CATEGORY,
    COMMENT,
    ID,
    LISTED,
    NO_NUL,
    NOT_BLANK,
    PAGEABLE,
    RECIPIENTS,
    REQUEST_TYPE,
    SITE,
    TICKET,
    page_of,
)
from remotehandsd.web.v1.refusals import MESSAGES

_RECIPIENTS = field(
    "recipients",
    'E-mail addresses to tell of changes, separated by commas; `""` is nobody.',
    pattern=RECIPIENTS,
    examples=["ops@example.com, noc@example.com"],
)
_REFERENCE = field("customer_reference", "Your own reference.", pattern=NO_NUL, examples=["REF05678"])

OPENING = record(
    f"What a ticket is opened with. A request type has these categories. {CATEGORIES_IN_WORDS}.",
    {
        **field("title", "What it is about, in one line.", minLength=1, pattern=NOT_BLANK),
        "site": {
            **SITE,
            "description": "The code of a site that is assigned to the account.",
            "pattern": NOT_BLANK,
        },
        **{name: optional(schema) for name, schema in field("location", "Where at the site.", pattern=NO_NUL).items()},
        "requestType": choice(REQUEST_TYPE, RequestType),
        "category": choice(CATEGORY, Category),
        **{
            name: optional(schema)
            for name, schema in {
                **field("instruction", "What is to be done, in full.", pattern=NO_NUL),
                **_REFERENCE,
                **field("reference_ticket", "The number of another ticket; it is not looked up.", pattern=NO_NUL),
                **_RECIPIENTS,
            }.items()
        },
    },
    without=(
        "location",
        "detailedInstruction",
        "customerReference",
        "referenceTicket",
        "notificationRecipients",
    ),
    oneOf=[
        {
            "properties": {
                "requestType": {"const": str(request_type)},
                "category": {"enum": [str(category) for category in allowed]},
            }
        }
        for request_type, allowed in CATEGORIES.items()
    ],
)
EDITING = record(
    'What is to be replaced. What is not given, or null, stays as it is; `""` clears.',
    {name: optional(schema) for name, schema in {**_REFERENCE, **_RECIPIENTS}.items()},
    without=("customerReference", "notificationRecipients"),
)
CANCELLING = record(
    "Why the ticket is to be called off.",
    {"cancelReason": optional(CANCEL_REASON)},
    without=("cancelReason",),
)
COMMENTING = record(
    "What is to be written on which ticket.",
    {
        "requestId": {**ID, "maxLength": 20},
        **field("comment", "The text.", minLength=1, pattern=NOT_BLANK),
    },
)
ACCOUNT = record(
    "An account that the app may use.",
    {
        "masterAccountId": text("Id of the master account: the header Master-Account-Id.", examples=["100123"]),
        "masterAccountName": text("The master account's name.", examples=["Example Holding"]),
        "accountId": text("Id of the account: the header Account-Id.", examples=["0011A00001AaAB1ABC"]),
        "accountName": text("The account's name.", examples=["Example Ltd"]),
        "defaultAccount": {"type": "boolean", "description": "Whether it is the default one: exactly one is."},
    },
)
SITE_RECORD = record(
    "A site.",
    {
        "site": SITE,
        "address": text("Street and number.", most=255, examples=["12 Example Road"]),
        "city": text("City.", most=50, examples=["Ashburn"]),
        "metro": text("Region that the operator counts it to.", most=50, examples=["Northern Virginia"]),
        "country": text("Country.", most=50, examples=["United States"]),
    },
)
LOCATION = record(
    "A place at a site. The tree is rebuilt through `parentId`.",
    {
        "id": text("The location's id.", pattern=HEX_32, examples=["11aa22bb33cc44dd55ee66ff77889901"]),
        "location": text("Its name: what goes into a ticket's `location`.", examples=["Data Hall A"]),
        "parentId": optional(text("The id of what it is in; null at the root.", pattern=HEX_32)),
    },
)
CATEGORY_LIST = record(
    "Request types with the categories that each allows.",
    {
        "result": listing(
            record(
                "One request type.",
                {
                    "requestType": record(
                        REQUEST_TYPE,
                        {
                            "name": choice("The request type.", RequestType),
                            "categories": listing(
                                record(CATEGORY, {"name": choice("The category.", Category)}),
                                "Its categories, in the order in which they are shown.",
                            ),
                        },
                    )
                },
            ),
            "Planned Work first.",
        )
    },
)
CANCELLATION = record("What happens next.", {"message": text("A sentence with the ticket's number.")})
FAMILY_TOKEN = record(
    "A token, in the family's dialect.",
    {
        "access_token": text("What goes into `Authorization: Bearer <access_token>`."),
        "token_type": choice("Always this word.", ["BearerToken"]),
        "expires_in": text("Seconds for which it can be used, as a text.", pattern="^[0-9]+$", examples=["3599"]),
        "scope": text("The environment that the app belongs to.", examples=["playground_api"]),
    },
)
ERROR = record(
    "How every call under `/v1` and `/v2` says no.",
    {
        "error": record(
            "What went wrong.",
            {
                "correlationId": text("Joins the answer with the operator's log.", format="uuid"),
                "type": choice("`client` for 4xx, `server` for 5xx.", ["client", "server"]),
                "message": text("What it is; several faults are joined by a comma without a space."),
            },
        )
    },
)

SCHEMAS: Json = {
    "Ticket": record("A ticket.", TICKET),
    "ListedTicket": record("A ticket in a list.", LISTED, without=("category",)),
    "TicketPage": page_of("ListedTicket"),
    "Pageable": PAGEABLE,
    "Comment": COMMENT,
    "Attachment": ATTACHMENT,
    "Account": ACCOUNT,
    "Site": SITE_RECORD,
    "Location": LOCATION,
    "Categories": CATEGORY_LIST,
    "Opening": OPENING,
    "Editing": EDITING,
    "Cancelling": CANCELLING,
    "Cancellation": CANCELLATION,
    "Commenting": COMMENTING,
    "FamilyToken": FAMILY_TOKEN,
    "Error": ERROR,
}

_WORDS = {
    400: "The request cannot be: the message names every fault, or the status in which this is not possible.",
    401: "No living token; or the account headers name no account that the app may use; or its user lacks the "
    "permission that the call needs. The message tells the first from the others.",
    404: "There is no such thing, or not one of this account's.",
    409: "The same request, under the same Idempotency-Key, is being done just now.",
    412: "The ticket is not as If-Match wants it.",
    413: "The body, the file, or the ticket's files together are larger than the operator allows.",
    415: "Another media type is needed, or another charset than UTF-8 was named.",
    422: "The Idempotency-Key stands for another request.",
    429: "More requests than the operator allows, or too many wrong credentials.",
    500: "A fault on the operator's side; its log knows the correlation id.",
    503: "The service cannot work just now.",
}


def _refusal(status: int, words: str) -> Json:
    error = {
        "correlationId": "6f0b3f0e-3c0f-4b61-9a55-0d6d3a1f0c11",
        "type": "client" if status < 500 else "server",
        "message": MESSAGES[status],
    }
    more = {
        401: headers(WWW_Authenticate="`Bearer`, when it is the token that is missing."),
        409: IN_PROGRESS,
        429: LIMITED,
        503: RETRY_AFTER,
    }
    return answered(words, ref("Error"), {"error": error}, headers=more.get(status))


RESPONSES: Json = {ANSWERS[status]: _refusal(status, words) for status, words in _WORDS.items()}
