"""What the desk looks at all day: the queue of open tickets, its counts, and what is usual."""

from remotehandsd.tickets.desk.usual import Usual, age_in_usual, keep_usual, learn_usual, usual_times
from remotehandsd.tickets.desk.worklist import Counted, counted, list_open

__all__ = ["Counted", "Usual", "age_in_usual", "counted", "keep_usual", "learn_usual", "list_open", "usual_times"]
