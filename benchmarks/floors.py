"""The floors that a rate is compared with, measured in the same run: what the machine gives to anybody."""

import re
import subprocess
from pathlib import Path

from benchmarks.calls import Measured
from benchmarks.driver import Tally
from benchmarks.driving import CONNECTIONS
from benchmarks.postgres import OWNER, Cluster

GREETING = Measured("hello", [b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n"])
"""The call of the bare application, benchmarks/hello.py."""

TABLE = """
    CREATE TABLE pgbench_tickets (LIKE tickets INCLUDING DEFAULTS INCLUDING IDENTITY, PRIMARY KEY (number));
"""
SELECT = """
\\set number random({first}, {last})
SELECT number, account, title, status, status_before, site, location, request_type, category, instruction,
    customer_reference, reference_ticket, cancel_reason, recipients, created_by, created_at, updated_at, closed_at
FROM tickets WHERE number = :number;
"""
INSERT = """
\\set account random(1, 200)
INSERT INTO pgbench_tickets
    (environment, account, title, status, site, location, request_type, category, instruction,
    customer_reference, reference_ticket, recipients, created_by, created_at, updated_at)
VALUES ('playground', :account, 'Test the patch to switch 2', 'New', 'FAB001', 'Hall A', 'Urgent Work',
    'Equipment troubleshoot or replacement', 'Please reseat the optic in port 12', 'REF05678', '', '',
    'Bench Example', 1760000000, 1760000000);
"""
CREATE = """
\\set account random(4, 35)
BEGIN;
INSERT INTO tickets
    (environment, account, title, status, site, location, request_type, category, instruction,
    customer_reference, reference_ticket, recipients, created_by, created_at, updated_at)
VALUES ('playground', :account, 'Test the patch to switch 2', 'New', 'FAB001', 'Hall A', 'Urgent Work',
    'Equipment troubleshoot or replacement', 'Please reseat the optic in port 12', 'REF05678', '', '',
    'Bench Example', EXTRACT(epoch FROM now())::BIGINT, EXTRACT(epoch FROM now())::BIGINT)
RETURNING number AS number \\gset
INSERT INTO events (environment, account, ticket, type, about, done_by, happened_at, before, after, told)
VALUES ('playground', :account, :number, 'ticket.created', '', 'Bench Example', 1760000000, '{}',
    '{"title": "Test the patch to switch 2", "site": "FAB001", "request_type": "Urgent Work", "status": "New"}', 1);
COMMIT;
"""
"""What our own create says to the database, without a server in between."""
AT_ONCE = (
    CREATE.replace("BEGIN;\nINSERT", "WITH t AS (INSERT")
    .replace(" AS number \\gset", ")")
    .replace("VALUES ('playground', :account, :number,", "SELECT 'playground', :account, number,")
    .replace(" 1);\nCOMMIT;", " 1 FROM t;")
)
"""The same rows in one statement: what they cost without any trip to and fro."""


class Pgbench:
    """PostgreSQL's own benchmark with as many clients as the driver has connections, over the server's socket."""

    def __init__(self, cluster: Cluster, database: str, folder: Path) -> None:
        self._cluster = cluster
        self._database = database
        self._folder = folder
        cluster.sql(TABLE, database)
        first, last = cluster.sql("SELECT MIN(number), MAX(number) FROM tickets", database).split("|")
        (folder / "select.sql").write_text(SELECT.format(first=first, last=last))
        (folder / "insert.sql").write_text(INSERT)
        (folder / "create.sql").write_text(CREATE)
        (folder / "at once.sql").write_text(AT_ONCE)

    def run(self, script: str, seconds: float) -> Tally:
        """Run `select`, `insert`, `create` or `at once` for so many seconds, prepared."""
        done = subprocess.run(
            [
                str(self._cluster.bin / "pgbench"), "--no-vacuum", "--protocol=prepared", "--jobs=2",
                f"--client={CONNECTIONS}", f"--time={max(1, round(seconds))}", f"--file={self._folder / script}.sql",
                f"--host={self._cluster.folder}", f"--port={self._cluster.port}", f"--username={OWNER}", self._database,
            ],
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        found = re.search(r"^tps = ([\d.]+) ", done.stdout, re.MULTILINE)
        if done.returncode or found is None:
            raise SystemExit(f"pgbench: {done.stderr}")
        return Tally(round(float(found[1]) * seconds), seconds)
