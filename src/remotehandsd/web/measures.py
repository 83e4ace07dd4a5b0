"""What the processes of a server count about themselves, as Prometheus asks for it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry, Gauge, Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from remotehandsd.kit.sheets import Sheet

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds in seconds between which answers are counted."""
REPEATED = "repeated "
"""How the name of a row begins that counts answers given again."""
SECONDS = len(BOUNDS) + 1
"""Where in a row the seconds stand, behind the numbers of answers."""


def sheets_for(processes: int) -> list[Sheet]:
    """Return a sheet for each process, to be made before they part."""
    return [Sheet(SECONDS + 1) for _ in range(processes)]


class Measures(Collector):
    """Counts on one process's sheet, and gives the figures of all: whoever is asked, they are the server's."""

    def __init__(self, sheets: Sequence[Sheet] = (), number: int = 0) -> None:
        self._sheets = sheets or sheets_for(1)
        self._ours = self._sheets[number]
        self._ours.take()
        self._rows: dict[tuple[str, str, int], memoryview[float]] = {}
        self._processes = [ProcessCollector(pid=lambda of=sheet: of.pid, registry=None) for sheet in self._sheets]  # type: ignore[misc]
        self.registry = CollectorRegistry()
        self.registry.register(self)
        self.open_tickets = Gauge(
            "remotehands_open_tickets",
            "Tickets that wait or are worked on.",
            ["environment", "status"],
            registry=self.registry,
        )

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        row = self._rows.get((method, route, status)) or self._row(method, route, status)
        row[bisect_left(BOUNDS, seconds)] += 1
        row[SECONDS] += seconds

    def count_repeated(self, route: str) -> None:
        """Count an answer that was given again."""
        self._ours.row(f"{REPEATED}{route}")[0] += 1

    def _row(self, method: str, route: str, status: int) -> "memoryview[float]":
        return self._rows.setdefault((method, route, status), self._ours.row(f"{method} {route} {status}"))

    def collect(self) -> Iterator[Metric]:
        """Give the families, as Prometheus asks for them."""
        counted: defaultdict[tuple[str, ...], float] = defaultdict(float)
        times: defaultdict[str, list[float]] = defaultdict(lambda: [0.0] * (SECONDS + 1))
        repeated = CounterMetricFamily("remotehands_repeated", "Answers that were given again.", labels=["route"])
        again: defaultdict[str, float] = defaultdict(float)
        for name, numbers in (row for sheet in self._sheets for row in sheet.rows()):
            if name.startswith(REPEATED):
                again[name.removeprefix(REPEATED)] += numbers[0]
                continue
            labels = tuple(name.split(" "))
            counted[labels] += sum(numbers[:SECONDS])
            times[labels[1]] = [sum(pair) for pair in zip(times[labels[1]], numbers, strict=True)]
        for route, times_again in again.items():
            repeated.add_metric([route], times_again)
        yield _answers(counted)
        yield repeated
        yield _seconds(times)
        yield from self._of_processes()

    def _of_processes(self) -> Iterator[Metric]:
        """Give each process's memory, time and files; of several, each under its number."""
        if len(self._sheets) == 1:
            yield from self._processes[0].collect()
            return
        families: dict[str, Metric] = {}
        starts = CounterMetricFamily("remotehands_process_starts", "Server processes started.", labels=["process"])
        for number, (sheet, process) in enumerate(zip(self._sheets, self._processes, strict=True), 1):
            starts.add_metric([str(number)], sheet.times_taken)
            for family in process.collect():
                kept = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    kept.add_sample(sample.name, {"process": str(number)}, sample.value)
        yield from (starts, *families.values())


def _answers(counted: dict[tuple[str, ...], float]) -> Metric:
    family = CounterMetricFamily(
        "remotehands_requests", "Answers by method, route and status.", labels=["method", "route", "status"]
    )
    for labels, count in counted.items():
        family.add_metric(labels, count)
    return family


def _seconds(times: dict[str, list[float]]) -> Metric:
    family = HistogramMetricFamily("remotehands_request_seconds", "Time from request to answer.", labels=["route"])
    bounds = [*map(str, BOUNDS), "+Inf"]
    for route, numbers in times.items():
        buckets = list(zip(bounds, accumulate(numbers[:SECONDS]), strict=True))
        family.add_metric([route], buckets=buckets, sum_value=numbers[SECONDS])
    return family
