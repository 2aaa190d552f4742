"""A load tool on raw sockets: full speed over kept connections, or a steady rate of new ones.

One thread and prepared bytes, about 50 µs a request: wrk cannot keep a rate, and does not say
which request got which answer, which is what "none lost" needs.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Seconds after which a request without an answer is given up.
PATIENCE = 30.0
#: A request to send: a number of the caller's own, and the bytes.
Request = tuple[int, bytes]


@dataclass
class Run:
    """What came back: (number, status, seconds) in the order of arrival; status 0: no answer."""

    seconds: float = 0.0
    answers: list[tuple[int, int, float]] = field(default_factory=list)
    #: Answers that came within ``seconds``; the others were on their way at the end.
    counted: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.counted / self.seconds

    @property
    def statuses(self) -> Counter[int]:
        """How many of each status."""
        return Counter(status for _, status, _ in self.answers)

    def numbers(self, status: int) -> set[int]:
        """Which requests got this status."""
        return {number for number, got, _ in self.answers if got == status}

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        times = sorted(seconds for _, _, seconds in self.answers)
        return 1000 * times[min(len(times) - 1, int(share * len(times)))]

    def __add__(self, other: Run) -> Run:
        """Two runs of the same kind as one."""
        return Run(
            self.seconds + other.seconds,
            self.answers + other.answers,
            self.counted + other.counted,
        )


class _Line:
    """One connection and the request on it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.number = -1
        self.begun = 0.0
        self.received = b""
        self.closing = False

    def send(self, request: Request, begun: float) -> None:
        """Send, connecting when need be. The answer is awaited elsewhere."""
        self.number, content = request
        self.begun, self.received = begun, b""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(content)

    def receive(self) -> int | None:
        """The status once the whole answer is there; 0 when the connection broke."""
        assert self.socket is not None
        try:
            part = self.socket.recv(65536)
        except OSError:
            part = b""
        self.received += part
        head, ends, body = self.received.partition(b"\r\n\r\n")
        if ends:
            fields = head.lower()
            _, found, rest = fields.partition(b"\r\ncontent-length:")
            if found:
                whole = len(body) >= int(rest.partition(b"\r\n")[0])
            else:  # in chunks, or to the end of the connection
                whole = body.endswith(b"0\r\n\r\n") or not part
            if whole:
                self.closing = not part or b"\r\nconnection: close" in fields
                return int(head[9:12])
        self.closing = not part
        return None if part else 0

    def hang_up(self) -> None:
        """Close the connection; the next request opens another."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def at_full_speed(
    port: int, requests: Iterator[Request], *, seconds: float, connections: int
) -> Run:
    """So many kept connections, each sending again as soon as it has its answer."""
    return _Driver(port, requests).full_speed(seconds, connections)


def at_steady_rate(port: int, requests: Iterator[Request], *, seconds: float, rate: float) -> Run:
    """A request every 1/``rate`` seconds, on a connection of its own, whatever the server does.

    Times count from the moment a request was due: a server that stalls is not waited for.
    """
    return _Driver(port, requests).steady(seconds, rate)


class _Driver:
    def __init__(self, port: int, requests: Iterator[Request]) -> None:
        self.port, self.requests = port, requests
        self.selector = selectors.DefaultSelector()
        self.run = Run()
        self.busy = 0

    def full_speed(self, seconds: float, connections: int) -> Run:
        start = time.perf_counter()
        end = start + seconds
        for _ in range(connections):
            self.send(_Line(self.port), time.perf_counter())
        while self.busy and time.perf_counter() < end + PATIENCE:
            for line in self.ready(1.0):
                now = time.perf_counter()
                if now < end:
                    self.run.counted += 1
                    self.send(line, now)
                else:
                    self.drop(line)
        self.run.seconds = seconds
        return self.run

    def steady(self, seconds: float, rate: float) -> Run:
        start = time.perf_counter()
        sent, wanted = 0, int(seconds * rate)
        while (self.busy or sent < wanted) and time.perf_counter() < start + seconds + PATIENCE:
            due = start + sent / rate
            now = time.perf_counter()
            if sent < wanted and now >= due:
                self.send(_Line(self.port), due)
                sent += 1
                continue
            for line in self.ready(max(0.0, due - now) if sent < wanted else 1.0):
                self.drop(line)
        self.run.counted = len(self.run.answers)
        self.run.seconds = max(seconds, 1e-9)
        return self.run

    def send(self, line: _Line, begun: float) -> None:
        request = next(self.requests)
        known = line.socket
        try:
            line.send(request, begun)
        except OSError:
            self.drop(line)
            self.run.answers.append((request[0], 0, time.perf_counter() - begun))
            return
        self.busy += 1
        if line.socket is not known:
            assert line.socket is not None
            self.selector.register(line.socket, selectors.EVENT_READ, line)

    def drop(self, line: _Line) -> None:
        """Close the connection."""
        if line.socket is not None:
            with contextlib.suppress(KeyError):  # it was never asked for
                self.selector.unregister(line.socket)
            line.hang_up()

    def ready(self, wait: float) -> list[_Line]:
        """The lines whose answer is complete, after noting it."""
        done = []
        for key, _ in self.selector.select(wait):
            line: _Line = key.data
            status = line.receive()
            if status is None:
                continue
            if line.closing:
                self.drop(line)
            self.busy -= 1
            self.run.answers.append((line.number, status, time.perf_counter() - line.begun))
            done.append(line)
        return done
