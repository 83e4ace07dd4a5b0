"""Finding tickets by words, in an index of their own that follows what happens within a second or two."""

from remotehandsd.tickets.search.indexing import index_again, index_some, to_be_indexed
from remotehandsd.tickets.search.searching import MOST_FOUND, Found, search_queue, search_tickets

__all__ = ["MOST_FOUND", "Found", "index_again", "index_some", "search_queue", "search_tickets", "to_be_indexed"]
