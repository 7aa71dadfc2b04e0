"""Connections that are slow to ask or to listen are cut; those of honest clients are not."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from partyreview import worker
from partyreview.bridge import Bridge
from tests.kit.threads import run_coroutine

ASK = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
LARGE = 20 * 1024 * 1024

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def application(environ, start_response):
    """Answers with as many bytes as the path says."""
    body = bytes(int(environ["PATH_INFO"][1:] or 1))
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@contextlib.asynccontextmanager
async def served() -> AsyncIterator[Callable[[], Awaitable[Client]]]:
    """How to connect to a server of this very process; on the way out, all of its connections have ended."""
    bridge, state = Bridge(application, 2, ()), ServerState()
    config = Config(bridge, http=worker.Connection, ws="none", lifespan="off", log_config=None)
    config.load()
    server = await asyncio.get_running_loop().create_server(
        lambda: worker.Connection(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    clients: list[Client] = []

    async def connect() -> Client:
        clients.append(await asyncio.open_connection(*server.sockets[0].getsockname()))
        return clients[-1]

    try:
        async with asyncio.timeout(30):
            yield connect
            for _, writer in clients:
                writer.close()
            while state.connections:
                await asyncio.sleep(0.01)
            assert not worker.Connection.waiting
    finally:
        server.close()


async def answered(client: Client, request: bytes = ASK) -> bool:
    """Whether the server answers rather than cutting the line."""
    reader, writer = client
    try:
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(head.lower().split(b"content-length: ")[1].split(b"\r")[0]))
    except (ConnectionError, asyncio.IncompleteReadError):
        return False
    return True


async def half_sent(connect, monkeypatch) -> bool:
    monkeypatch.setattr(worker, "HEAD_SECONDS", 0.05)
    return await answered(await connect(), ASK[:-2])


async def silent(connect, monkeypatch) -> bool:
    monkeypatch.setattr(worker, "HEAD_SECONDS", 0.05)
    return await answered(await connect(), b"")


async def half_sent_after_a_whole_one(connect, monkeypatch) -> bool:
    client = await connect()
    assert await answered(client)
    monkeypatch.setattr(worker, "HEAD_SECONDS", 0.05)
    return await answered(client, ASK[:-2])


async def endless_head(connect, monkeypatch) -> bool:
    monkeypatch.setattr(worker, "HEAD_BYTES", 1000)
    return await answered(await connect(), ASK[:-2] + b"A: " + b"a" * 2000)


async def not_read(connect, monkeypatch) -> bool:
    monkeypatch.setattr(worker, "READ_SECONDS", 0.05)
    client = await connect()
    cut = asyncio.Event()
    monkeypatch.setattr(
        worker.Connection, "connection_lost", told(worker.Connection.connection_lost, cut)
    )
    client[1].transport.pause_reading()
    client[1].write(ASK.replace(b"/ ", b"/%d " % LARGE))
    await cut.wait()
    client[1].transport.resume_reading()
    return await answered(client, b"")


def told(method, event: asyncio.Event):
    def called(*args) -> None:
        event.set()
        method(*args)

    return called


async def asked_before_it_is_answered(connect, monkeypatch) -> bool:
    return await answered(await connect(), ASK + ASK)


async def longest_waiting_of_too_many(connect, monkeypatch) -> bool:
    monkeypatch.setattr(worker, "WAITING", 2)
    first, _ = await connect(), await connect()
    assert await answered(await connect())
    return await answered(first)


CUT = [
    half_sent,
    silent,
    half_sent_after_a_whole_one,
    endless_head,
    not_read,
    asked_before_it_is_answered,
    longest_waiting_of_too_many,
]


@pytest.mark.parametrize("manner", CUT, ids=lambda manner: manner.__name__)
def test_a_connection_is_cut_without_a_word(manner, monkeypatch, caplog):
    caplog.set_level(logging.WARNING)

    async def play() -> None:
        async with served() as connect:
            assert not await manner(connect, monkeypatch)
            # Who comes next has time: on a busy machine the moments of who was cut may be too few to ask in.
            monkeypatch.setattr(worker, "HEAD_SECONDS", 10)
            assert await answered(await connect())

    run_coroutine(play())
    assert not caplog.records


def test_one_connection_carries_many_requests_however_large_the_answer():
    async def play() -> None:
        async with served() as connect:
            client = await connect()
            for size in (1, LARGE, 5):
                assert await answered(client, ASK.replace(b"/ ", b"/%d " % size))

    run_coroutine(play())


async def expected(connect) -> tuple[worker.Connection, Client]:
    """A connection of which the server knows, and that has asked nothing yet."""
    client = await connect()
    while not worker.Connection.waiting:
        await asyncio.sleep(0.01)
    (connection,) = worker.Connection.waiting
    return connection, client


def test_who_has_connected_to_a_worker_that_ends_is_answered_once_more():
    async def play() -> None:
        async with served() as connect:
            connection, client = await expected(connect)
            client[1].write(ASK[:5])
            connection.shutdown()
            assert await answered(client, ASK[5:])
            assert await client[0].read() == b""

    run_coroutine(play())


def test_a_worker_that_ends_waits_for_no_one_who_asks_nothing(monkeypatch):
    monkeypatch.setattr(worker, "LAST_HEAD_SECONDS", 0.05)

    async def play() -> None:
        async with served() as connect:
            connection, client = await expected(connect)
            connection.shutdown()
            assert not await answered(client, b"")

    run_coroutine(play())
