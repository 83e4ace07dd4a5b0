"""Work orders: opened by a customer, worked by the operator's staff, never removed."""

from remotehandsd.tickets.attaching import (
    AlreadyThere,
    Attachment,
    FileToAttach,
    attach,
    attach_new,
    attachment,
    attachment_by_id,
    attachments,
    may_attach,
)
from remotehandsd.tickets.cancelling import (
    cancel_for_customer,
    grant_cancellation,
    refuse_cancellation,
    request_cancellation,
)
from remotehandsd.tickets.catalogue import CATEGORIES, CancelReason, Category, RequestType
from remotehandsd.tickets.commenting import comment, comment_by_name, comments, note
from remotehandsd.tickets.desk import (
    Counted,
    Usual,
    age_in_usual,
    counted,
    keep_usual,
    learn_usual,
    list_open,
    usual_times,
)
from remotehandsd.tickets.desk_files import (
    attach_at_desk,
    attach_new_at_desk,
    attachment_at_desk,
    attachments_at_desk,
    may_attach_at_desk,
)
from remotehandsd.tickets.editing import edit
from remotehandsd.tickets.fabricating import Customer, keep_made_up, made_up, number_made_up
from remotehandsd.tickets.fields import OPENING
from remotehandsd.tickets.finishing import answer_cancellation, finish
from remotehandsd.tickets.flow import Status
from remotehandsd.tickets.home import Change, Home, at_home
from remotehandsd.tickets.listing import Filters, Page, is_quick, list_queue, list_tickets
from remotehandsd.tickets.offered import offered
from remotehandsd.tickets.opening import may_open, open_ticket
from remotehandsd.tickets.queue import all_files, by_status, named_files, names_any_file, open_by_status, waiting_for
from remotehandsd.tickets.reading import Desk, has_ticket, on_the_desk, on_the_desk_alone, show, show_alone
from remotehandsd.tickets.retelling import Retold, retell
from remotehandsd.tickets.rights import ANY, DISPATCHING, WORKING
from remotehandsd.tickets.search import (
    Found,
    index_again,
    index_some,
    search_queue,
    search_tickets,
)
from remotehandsd.tickets.ticket import LIMITS, Comment, ListedTicket, Ticket, number_of, wire_number
from remotehandsd.tickets.timing import (
    Entry,
    book_time,
    correct_time,
    may_correct,
    start_time,
    stop_time,
    time_on_the_desk,
    time_that_runs,
)
from remotehandsd.tickets.totals import WrongTotal, mend_totals, wrong_totals
from remotehandsd.tickets.working import assign, colleagues, complete, must_be_held_by, start

__all__ = [
    "ANY",
    "CATEGORIES",
    "DISPATCHING",
    "LIMITS",
    "OPENING",
    "WORKING",
    "AlreadyThere",
    "Attachment",
    "CancelReason",
    "Category",
    "Change",
    "Comment",
    "Counted",
    "Customer",
    "Desk",
    "Entry",
    "FileToAttach",
    "Filters",
    "Found",
    "Home",
    "ListedTicket",
    "Page",
    "RequestType",
    "Retold",
    "Status",
    "Ticket",
    "Usual",
    "WrongTotal",
    "age_in_usual",
    "all_files",
    "answer_cancellation",
    "assign",
    "at_home",
    "attach",
    "attach_at_desk",
    "attach_new",
    "attach_new_at_desk",
    "attachment",
    "attachment_at_desk",
    "attachment_by_id",
    "attachments",
    "attachments_at_desk",
    "book_time",
    "by_status",
    "cancel_for_customer",
    "colleagues",
    "comment",
    "comment_by_name",
    "comments",
    "complete",
    "correct_time",
    "counted",
    "edit",
    "finish",
    "grant_cancellation",
    "has_ticket",
    "index_again",
    "index_some",
    "is_quick",
    "keep_made_up",
    "keep_usual",
    "learn_usual",
    "list_open",
    "list_queue",
    "list_tickets",
    "made_up",
    "may_attach",
    "may_attach_at_desk",
    "may_correct",
    "may_open",
    "mend_totals",
    "must_be_held_by",
    "named_files",
    "names_any_file",
    "note",
    "number_made_up",
    "number_of",
    "offered",
    "on_the_desk",
    "on_the_desk_alone",
    "open_by_status",
    "open_ticket",
    "refuse_cancellation",
    "request_cancellation",
    "retell",
    "search_queue",
    "search_tickets",
    "show",
    "show_alone",
    "start",
    "start_time",
    "stop_time",
    "time_on_the_desk",
    "time_that_runs",
    "usual_times",
    "waiting_for",
    "wire_number",
    "wrong_totals",
]
