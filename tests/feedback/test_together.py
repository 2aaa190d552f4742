"""Threads that come together do their work as one; nobody is forgotten or told too early."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from feedback.together import Together

THREADS = 8


class Bank:
    """Work that notes its rounds; ``gate`` holds a round at its beginning."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.kept: set[int] = set()
        self.open = 0
        self.gate = threading.Event()
        self.fail: set[int] = set()

    @contextmanager
    def begin(self):
        assert self.open == 0, "two rounds at once"
        self.open += 1
        before = set(self.kept)
        try:
            self.gate.wait(5)
            yield
        except BaseException:
            self.kept = before
            raise
        finally:
            self.open -= 1

    def work(self, items):
        self.rounds.append(list(items))
        self.kept |= set(items)
        if self.fail & set(items):
            raise ValueError("refused")
        return [item * 10 for item in items]


@pytest.fixture
def bank():
    return Bank()


def test_alone(bank):
    bank.gate.set()
    together = Together(bank.begin, bank.work)
    assert [together.do(1), together.do(2)] == [10, 20]
    assert bank.rounds == [[1], [2]]


def test_those_who_wait_go_together(bank):
    together = Together(bank.begin, bank.work)
    with ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(together.do, number) for number in range(THREADS)]
        while len(together._waiting) < THREADS:
            threading.Event().wait(0.001)
        bank.gate.set()
        assert [one.result(5) for one in waiting] == [10 * number for number in range(THREADS)]
    assert len(bank.rounds) == 1


def test_no_more_than_allowed_in_a_round(bank):
    together = Together(bank.begin, bank.work, most=3)
    with ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(together.do, number) for number in range(THREADS)]
        while len(together._waiting) < THREADS:
            threading.Event().wait(0.001)
        bank.gate.set()
        assert {one.result(5) for one in waiting} == {10 * n for n in range(THREADS)}
    assert [len(one) for one in bank.rounds] == [3, 3, 2]


def test_a_round_that_fails_tells_everybody_to_go_alone(bank):
    bank.fail = {5}
    together = Together(bank.begin, bank.work)
    with ThreadPoolExecutor(THREADS) as pool:
        waiting = [pool.submit(together.do, number) for number in range(THREADS)]
        while len(together._waiting) < THREADS:
            threading.Event().wait(0.001)
        bank.gate.set()
        assert [one.result(5) for one in waiting] == [None] * THREADS
    assert bank.kept == set()
    assert together.do(6) == 60


def test_who_cannot_begin_holds_nobody_up(bank):
    @contextmanager
    def refuse():
        raise OSError("locked")
        yield

    together = Together(refuse, bank.work)
    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(together.do, range(40))) == [None] * 40


def test_many_threads_for_long(bank):
    bank.gate.set()
    together = Together(bank.begin, bank.work)
    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(together.do, range(2000))) == [10 * n for n in range(2000)]
    assert sorted(number for one in bank.rounds for number in one) == list(range(2000))
