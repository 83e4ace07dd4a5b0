"""Where SQL stands, whose rows it names, and that nothing but fixed text is ever joined into it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sources import SERVER, functions, modules

OF_TICKETS = {"tickets", "comments", "attachments", "events", "time_entries", "unsearched", "notices", "mails"}
"""Tables whose rows belong to an account's tickets."""
TENANT_TABLES = OF_TICKETS | {"repeats", "webhooks", "webhook_messages", "webhook_deliveries", "webhook_attempts"}
"""Tables whose rows belong to an account."""

ACROSS_ENVIRONMENTS = {
    "open_by_status": "the operator's metrics count every environment's open tickets",
    "named_files": "the sweep looks at every environment's files",
    "names_any_file": "the sweep looks at every environment's files",
    "wrong_totals": "the operator looks after every environment's totals",
    "wrong_slices": "the operator looks after every environment's totals",
    "mend_totals": "the operator looks after every environment's totals",
    "unread": "the people of every environment are told",
    "mark_read": "a reader's mark stands among the events of every environment",
    "newest_of_all": "streams of every environment wait together",
    "state_of_all": "live pages of every environment wait together",
    "keep_usual": "each row brings its environment along",
    "hits": "the question says whose rows it may meet",
    "take_unsearched": "the index of words is of every environment",
    "take_past": "the index of words is of every environment",
    "begin_again": "the index of words is of every environment",
    "texts": "the index of words is of every environment",
    "comments": "the index of words is of every environment",
    "replace": "the index of words is of every environment",
    "listening": "events of every environment are handed out together",
    "letter": "a job knows a delivery by its key, and not yet whose it is",
    "forget_deliveries": "deliveries of every environment are forgotten at the same age",
    "forget_messages": "messages of every environment are forgotten at the same age",
    "forget_webhooks": "removed webhooks of every environment are forgotten",
    "remove_old": "the worker forgets every environment's kept answers",
    "whose_notice": "a job knows a notice by its key, and not yet whose it is",
    "waiting_mail": "a job knows a mail by its key, and not yet whose it is",
    "forget_mails": "mails of every environment are forgotten",
    "forget_notices": "notices of every environment are forgotten",
    "all_files": "a backup copies every environment's files",
}
"""Functions of a queue.py whose statements need not name the environment, each with its reason."""

JOINED = {
    (
        "remotehandsd/webhooks/queue.py",
        "listening",
        "', '.join((':' + name for name in names))",
    ): "names of values, one an account",
    ("remotehandsd/tickets/store/one.py", "change", "named"): "`column = :column` for keywords written in the noun",
    ("remotehandsd/tickets/store/lists.py", "page", "narrowed"): "fixed clauses of listing.py",
    ("remotehandsd/tickets/store/lists.py", "count", "narrowed"): "fixed clauses of listing.py",
    ("remotehandsd/tickets/store/lists.py", "total", "narrowed"): "fixed clauses of listing.py",
    ("remotehandsd/tickets/queue.py", "page", "narrowed"): "fixed clauses of listing.py",
    ("remotehandsd/tickets/queue.py", "page", "sites"): "names of values, one a site",
    ("remotehandsd/tickets/queue.py", "page", "way"): "ASC or DESC, by listing.py",
    ("remotehandsd/tickets/search/store.py", "found", "narrowed"): "fixed clauses of queue.py",
    ("remotehandsd/tickets/search/queue.py", "found", "narrowed"): "fixed clauses of queue.py",
    ("remotehandsd/tickets/search/queue.py", "found", "sites"): "names of values, one a site",
    (
        "remotehandsd/tickets/search/queue.py",
        "texts",
        "', '.join((':' + name for name in values))",
    ): "names of values, one a ticket",
    (
        "remotehandsd/tickets/search/queue.py",
        "comments",
        "', '.join((':' + name for name in values))",
    ): "names of values, one a ticket",
    ("remotehandsd/tickets/desk/queue.py", "page", "narrowed"): "fixed clauses of queue.py",
    ("remotehandsd/tickets/desk/queue.py", "page", "sites"): "names of values, one a site",
    ("remotehandsd/tickets/desk/queue.py", "count", "narrowed"): "fixed clauses of queue.py",
    ("remotehandsd/tickets/desk/queue.py", "count", "sites"): "names of values, one a site",
    ("remotehandsd/tickets/desk/queue.py", "kinds", "sites"): "names of values, one a site",
    (
        "remotehandsd/tickets/queue.py",
        "named_files",
        "', '.join((':' + value for value in values))",
    ): "names of values, one a file",
    ("remotehandsd/tickets/queue.py", "total", "narrowed"): "fixed clauses of queue.py",
    ("remotehandsd/tickets/queue.py", "total", "sites"): "names of values, one a site",
    (
        "remotehandsd/tickets/store/lists.py",
        "titles",
        "', '.join((':' + name for name in values))",
    ): "names of values, one a ticket",
    ("remotehandsd/tickets/store/lists.py", "slices", "narrowed"): "fixed clauses of listing.py",
    ("remotehandsd/tickets/store/lists.py", "page", "way"): "ASC or DESC, by listing.py",
    ("remotehandsd/tickets/store/lists.py", "_rows", "found"): "one of the three statements of this page",
    ("remotehandsd/tickets/store/lists.py", "page_of_kinds", "each"): "a fixed text for each kind, its values named",
    ("remotehandsd/tickets/store/lists.py", "page_of_kinds", "way"): "ASC or DESC, by listing.py",
    ("remotehandsd/tickets/store/lists.py", "gathered_page", "narrowed"): "fixed clauses of listing.py",
    ("remotehandsd/tickets/store/lists.py", "gathered_page", "way"): "ASC or DESC, by listing.py",
    ("remotehandsd/jobs/store.py", "due", "outside"): "names of values, one a lane",
    ("remotehandsd/jobs/store.py", "due", "', '.join((':' + name for name in lanes))"): "names of values, one a lane",
    ("remotehandsd/jobs/store.py", "take", "', '.join((':' + name for name in names))"): "names of values, one a job",
    ("remotehandsd/kit/db/sqlite_tx.py", "add_rows", "table"): "a name of ours; names are no values",
    ("remotehandsd/kit/db/sqlite_tx.py", "add_rows", "', '.join(columns)"): "names of ours; names are no values",
    ("remotehandsd/kit/db/sqlite_tx.py", "add_rows", "places"): "question marks",
    ("remotehandsd/kit/db/postgres_tx.py", "add_rows", "table"): "a name of ours; names are no values",
    ("remotehandsd/kit/db/postgres_tx.py", "add_rows", "', '.join(columns)"): "names of ours; names are no values",
    ("remotehandsd/kit/db/postgres_tx.py", "add_rows", "places"): "numbered places",
    ("remotehandsd/tickets/queue.py", "count", "narrowed"): "fixed clauses of listing.py",
    ("remotehandsd/tickets/queue.py", "count", "sites"): "names of values, one a site",
    (
        "remotehandsd/tickets/queue.py",
        "at_his_sites",
        "', '.join((':' + name for name in values))",
    ): "names of values, one a site",
    (
        "remotehandsd/kit/db/sqlite.py",
        "_migrate",
        "int(BUSY_SECONDS * 12000)",
    ): "a number; PRAGMA takes no values",
    ("remotehandsd/kit/db/sqlite.py", "_migrate", "number"): "a number; PRAGMA takes no values",
}
"""What may be joined into a statement: where, by which function, which expression, and what it holds."""

STATEMENT = re.compile(
    r"\b(SELECT|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b"
    r"|^\s*(WITH|CREATE|DROP|ALTER|PRAGMA|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|VACUUM)\b(?!\s+[a-z]+\s+[a-z]+\s)"
    r"|(?i:^\s*(select\s.+\sfrom|insert\s+into|update\s+\w+\s+set|delete\s+from)\s)",
    re.DOTALL,
)
CLAUSE = re.compile(r"^\s*(AND|OR|WHERE|ORDER BY|LIMIT|JOIN|LEFT JOIN|VALUES)\s")


@dataclass(frozen=True)
class Text:
    """A string in the code that is SQL: where, in which function, what, and what is joined into it."""

    path: str
    function: str
    text: str
    joined: tuple[str, ...]

    @property
    def is_statement(self) -> bool:
        return STATEMENT.search(self.text) is not None

    @property
    def tables(self) -> set[str]:
        return set(re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)", self.text))


def _strings(path: str, module: ast.Module) -> Iterator[Text]:
    """Give every string but docstrings; of an f-string the whole, with `{}` for what is joined."""
    owner: dict[int, str] = {}
    for function in functions(module):
        # An inner function comes later and has the last word.
        owner.update((id(node), function.name) for node in ast.walk(function))
    inner = {id(part) for node in ast.walk(module) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    bare = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        function = owner.get(id(node), "")
        if isinstance(node, ast.JoinedStr):
            pieces = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            joined = [ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue)]
            yield Text(path, function, "".join(map(str, pieces)), tuple(joined))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner | bare:
            yield Text(path, function, node.value, ())


def all_sql() -> list[Text]:
    """Return every statement and clause of the code."""
    return [
        text
        for path, module in modules().items()
        for text in _strings(path, module)
        if STATEMENT.search(text.text) or CLAUSE.match(text.text)
    ]


def statements() -> list[Text]:
    found = [text for text in all_sql() if text.is_statement]
    assert len(found) > 50
    return found


def _is_store(path: str) -> bool:
    return path.endswith("/store.py") or "/store/" in path


def _is_queue(path: str) -> bool:
    return path.endswith("/queue.py")


def _is_engine(path: str) -> bool:
    return path.startswith("remotehandsd/kit/db/")


def test_sql_stands_in_stores_and_queues_only() -> None:
    elsewhere = [
        text for text in all_sql() if not (_is_store(text.path) or _is_queue(text.path) or _is_engine(text.path))
    ]
    # The list's fixed clauses: the one place where text for a statement is chosen outside of a store.
    clauses = [text for text in elsewhere if text.path == "remotehandsd/tickets/listing.py"]
    assert len(clauses) >= 8
    assert not any(text.is_statement or text.joined for text in clauses)
    assert [text for text in elsewhere if text not in clauses] == []


def test_the_tenant_tables_have_the_wall() -> None:
    script = "\n".join(path.read_text() for path in sorted((SERVER / "migrations" / "sqlite").glob("*.sql")))
    tables = dict(re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", script, re.DOTALL))
    assert tables.keys() >= TENANT_TABLES
    for table in TENANT_TABLES:
        assert re.search(r"^ +account INTEGER", tables[table], re.MULTILINE), table
    # A new table with a ticket in it is a tenant's.
    assert {name for name, columns in tables.items() if re.search(r"^ +ticket ", columns, re.MULTILINE)} == (
        OF_TICKETS - {"tickets"}
    )


SECRETS = {"passwords", "password_links", "sessions"}
"""Tables by which a person signs in."""


def test_what_people_sign_in_by_is_touched_by_people_only() -> None:
    touching = {(text.path, text.function) for text in statements() if text.tables & SECRETS}
    assert len(touching) > 15
    elsewhere = {(path, name) for path, name in touching if not path.startswith("remotehandsd/people/store/")}
    assert elsewhere == {("remotehandsd/accounts/store/administering.py", "members")}
    (members,) = (text for text in statements() if (text.path, text.function) in elsewhere)
    # Whether there is a password, never its hash.
    assert "hash" not in members.text


def test_secrets_of_apps_are_read_by_the_gate_and_the_world_file_only() -> None:
    reading = {
        (text.path, text.function)
        for text in statements()
        if re.search(r"^\s*SELECT\b[^;]*?\b(secret_hash|next_hash)\b.*?\bFROM apps\b", text.text, re.DOTALL)
    }
    assert reading == {
        ("remotehandsd/accounts/store/calling.py", "app"),
        ("remotehandsd/accounts/store/snapshot.py", "apps"),
    }


def names_the_account(text: str) -> bool:
    """Tell whether a statement keeps to the act's account, once for each tenant table in it."""
    insert = re.search(r"INSERT INTO \w+\s*\((.*?)\)\s*(.*)", text, re.DOTALL)
    if insert:
        return re.search(r"\baccount\b", insert[1]) is not None and ":account" in insert[2]
    condition = text.partition("WHERE")[2]
    walls = re.findall(r"\baccount = (?::account|\w+\.account)\b", condition)
    tables = [table for table in re.findall(r"\b(?:FROM|JOIN|UPDATE)\s+(\w+)", text) if table in TENANT_TABLES]
    return "account = :account" in condition and len(walls) >= len(tables) and " OR " not in condition


@pytest.mark.parametrize(
    ("text", "is_walled"),
    [
        ("SELECT title FROM tickets WHERE number = :number AND account = :account", True),
        ("SELECT title FROM tickets WHERE number = :number", False),
        ("SELECT account FROM tickets", False),
        ("SELECT title FROM tickets WHERE account = :account OR number = :number", False),
        ("SELECT body FROM comments c JOIN tickets t ON t.number = c.ticket WHERE c.account = :account", False),
        ("UPDATE tickets SET account = :account WHERE number = :number", False),
        ("DELETE FROM events WHERE ticket = :ticket", False),
        ("INSERT INTO comments (account, body) VALUES (:account, :body)", True),
        ("INSERT INTO comments (ticket, body) VALUES (:ticket, :account)", False),
    ],
)
def test_a_missing_wall_is_found(text: str, is_walled: bool) -> None:
    assert names_the_account(text) is is_walled


def test_every_statement_of_a_store_on_tenant_data_names_the_account() -> None:
    looked_at = [text for text in statements() if _is_store(text.path) and text.tables & TENANT_TABLES]
    assert len(looked_at) > 10
    assert {table for text in looked_at for table in text.tables} >= TENANT_TABLES
    assert [text for text in looked_at if not names_the_account(text.text)] == []


def test_every_statement_of_a_queue_names_the_environment() -> None:
    looked_at = [text for text in statements() if _is_queue(text.path)]
    assert len(looked_at) > 5
    without = {text.function for text in looked_at if not re.search(r"\benvironment = :environment\b", text.text)}
    assert without == set(ACROSS_ENVIRONMENTS)


def test_columns_are_named() -> None:
    for text in statements():
        assert not re.search(r"(SELECT|RETURNING|,)\s+(DISTINCT\s+)?(\w+\.)?\*", text.text), text


def test_values_are_named_and_never_joined_in() -> None:
    joined = {(text.path, text.function, part) for text in all_sql() for part in text.joined}
    assert joined == set(JOINED)
    for text in statements():
        assert "?" not in text.text, text
        assert not re.search(r"%[sd(]", text.text), text


def test_sql_is_not_glued_together() -> None:
    looked_at = 0
    for path, module in modules().items():
        for node in ast.walk(module):
            if isinstance(node, ast.BinOp | ast.AugAssign):
                parts = [node.left, node.right] if isinstance(node, ast.BinOp) else [node.value]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
                parts = [node.func.value]
            else:
                continue
            looked_at += 1
            for part in parts:
                assert not (
                    isinstance(part, ast.Constant) and isinstance(part.value, str) and STATEMENT.search(part.value)
                ), f"{path}: {ast.unparse(node)}"
    assert looked_at > 20


def test_statements_are_written_where_they_are_run() -> None:
    run = 0
    for path, module in modules().items():
        if _is_engine(path):
            continue
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            on = ast.unparse(node.func.value)
            if node.func.attr in {"one", "all", "run", "run_many"} and (on == "tx" or on.endswith(".tx")):
                run += 1
                assert isinstance(node.args[0], ast.Constant | ast.JoinedStr), f"{path}: {ast.unparse(node)}"
    assert run > 50
