"""How TCP clients may behave and what becomes of them (RFC 7766, RFC 9210), and that a crowd of the worst of them
costs nobody a UDP answer."""

import re
import socket
import struct
import time
from dataclasses import dataclass, field

import pytest
from conftest import ADDRESSES, DNS_PORT, SANITIZED
from kit import http
from kit.dns import HEADER, parse, question, with_edns
from kit.flock import Flock
from kit.pool import NAME, Dnsd
from kit.process import until

NOERROR, FORMERR, NOTIMP = 0, 1, 4
MESSAGE_S, STALL_S, IDLE_S = 2, 5, 10  # the limits of dnsd(8)
LATE_S = 5  # what a busy machine may add
IDLE_KIB, WAITING_KIB = 4, 192  # memory of a connection: with nothing in it, with all that may wait


def framed(message):
    return struct.pack("!H", len(message)) + message


def ask(ident):
    return framed(question(NAME, ident=ident))


def header(ident, flags, questions):
    return HEADER.pack(ident, flags, questions, 0, 0, 0)


def bytewise(data):
    return [data[i:i + 1] for i in range(len(data))]


@dataclass
class Behaviour:
    """What a client sends, one segment after the other, and what it must see: the replies (ident, rcode) in any
    order (RFC 7766 7), then an end of the connection after so many seconds, or that it goes on."""
    what: str
    rule: str  # where the expected outcome stands
    segments: list
    replies: list = field(default_factory=list)
    half_close: bool = False
    every_s: float = 0  # between segments
    ends_after_s: float | None = None  # None: it stays open, and a further question is answered

    def __str__(self):
        return self.what


def good(*idents):
    return [(ident, NOERROR) for ident in idents]


BEHAVIOURS = [
    Behaviour("one query", "RFC 7766 5", [ask(1)], good(1)),
    Behaviour("pipelined in one segment", "RFC 7766 6.2.1.1", [b"".join(map(ask, range(1, 101)))],
              good(*range(1, 101))),
    Behaviour("pipelined in many segments", "RFC 7766 6.2.1.1", [ask(n) for n in range(1, 51)], good(*range(1, 51))),
    Behaviour("one byte a segment", "RFC 7766 8", bytewise(ask(1) + ask(2)), good(1, 2)),
    Behaviour("the length alone, then the message", "RFC 7766 8", [ask(1)[:2], ask(1)[2:]], good(1)),
    Behaviour("two messages cut inside the second length", "RFC 7766 8", [ask(1) + ask(2)[:1], ask(2)[1:]], good(1, 2)),
    Behaviour("half-closed after its questions", "RFC 7766 6.2.4: the answers, then our end",
              [ask(n) for n in range(1, 21)], good(*range(1, 21)), half_close=True, ends_after_s=0),
    Behaviour("half-closed inside a message", "RFC 7766 6.2.4: what was whole is answered",
              [ask(1) + ask(2)[:-1]], good(1), half_close=True, ends_after_s=0),
    Behaviour("a message of length 0", "RFC 1035 4.2.2: no header, no answer", [ask(1) + b"\0\0"], good(1),
              ends_after_s=0),
    Behaviour("a message shorter than a header", "RFC 1035 4.1.1: no id to answer to", [framed(b"hello")],
              ends_after_s=0),
    Behaviour("a response", "RFC 1035 4.1.1: QR=1 is never answered", [framed(header(1, 0x8000, 0))], ends_after_s=0),
    Behaviour("a malformed query, then a good one", "RFC 1035 4.1.1: FORMERR; RFC 7766 6.2.1: the connection goes on",
              [framed(header(1, 0, 1) + b"\xff")] + [ask(2)], [(1, FORMERR)] + good(2)),
    Behaviour("an opcode nobody knows, then a good query", "RFC 1035 4.1.1: NOTIMP; the connection goes on",
              [framed(header(1, 0x7800, 0)), ask(2)], [(1, NOTIMP)] + good(2)),
    Behaviour("65535 bytes of a query that is none", "RFC 1035 4.2.2: any length; FORMERR, the connection goes on",
              [framed(header(1, 0, 1) + b"\xff" * 65523), ask(2)], [(1, FORMERR)] + good(2)),
    Behaviour("a length of 65535, then silence", "RFC 9210 4.2: slow clients", [ask(1) + b"\xff\xff"], good(1),
              ends_after_s=MESSAGE_S),
    Behaviour("one byte a second", "RFC 9210 4.2: slow clients", bytewise(ask(1)), every_s=1, ends_after_s=MESSAGE_S),
    Behaviour("HTTP", "RFC 9210 4.2: `GE` is a length of 18245 that never comes", [b"GET / HTTP/1.1\r\n\r\n"],
              ends_after_s=MESSAGE_S),
    Behaviour("silence", "RFC 7766 6.2.3: idle connections are closed", [], ends_after_s=IDLE_S),
    Behaviour("a question, then silence", "RFC 7766 6.2.3: idle since its last question", [ask(1)], good(1),
              ends_after_s=IDLE_S),
]


@pytest.fixture(scope="module")
def dnsd(box, closing):
    """A name server whose nodes are dead on purpose: the answers are never empty."""
    return Dnsd(box, "127.0.53.12", ADDRESSES, name="tcp-dnsd", port=DNS_PORT, probe={"port": 9}).up()


@pytest.fixture
def connect(dnsd):
    """Opens connections to the name server, from a source address if one is given, and closes them at the end."""
    made = []

    def new(source=None):
        made.append(socket.create_connection((dnsd.address, dnsd.port), 2 * IDLE_S, source and (source, 0)))
        made[-1].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made[-1]
    yield new
    for each in made:
        each.close()


def receive(connection, count):
    """`count` bytes; fewer only at the end of the stream, and a reset is an end."""
    got = b""
    try:
        while len(got) < count and (more := connection.recv(count - len(got))):
            got += more
    except ConnectionResetError:
        pass
    return got


def next_reply(connection):
    """(ident, rcode) of the next message; None at the end."""
    length = receive(connection, 2)
    if not length:
        return None
    message = receive(connection, *struct.unpack("!H", length))
    reply = parse(message)
    return reply.ident, reply.rcode


def send_all(connection, behaviour):
    """Sends the segments; the other side may end the connection before it has them all."""
    try:
        for segment in behaviour.segments:
            connection.sendall(segment)
            if behaviour.every_s and ended_within(connection, behaviour.every_s):
                return
        if behaviour.half_close:
            connection.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError):
        pass


def ended_within(connection, seconds):
    connection.settimeout(seconds)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True
    finally:
        connection.settimeout(2 * IDLE_S)


@pytest.mark.smoke
@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=str)
def test_behaviour(connect, behaviour, figures):
    connection = connect()
    began = time.monotonic()
    send_all(connection, behaviour)
    replies = [next_reply(connection) for _ in behaviour.replies]
    assert sorted(replies, key=str) == sorted(behaviour.replies, key=str), behaviour.rule
    if behaviour.ends_after_s is None:
        connection.sendall(ask(9999))
        assert next_reply(connection) == (9999, NOERROR), behaviour.rule
        return
    assert next_reply(connection) is None, behaviour.rule
    took = time.monotonic() - began
    if behaviour.ends_after_s:
        figures(f"TCP, {behaviour}: closed after {took:.1f} s")
    assert behaviour.ends_after_s - 0.1 <= took <= behaviour.ends_after_s + LATE_S, behaviour.rule


@pytest.mark.smoke
def test_a_reset_in_the_middle_harms_nobody(connect):
    """RFC 7766 6.2.4: a client may go at any time."""
    other = connect()
    for cut in (0, 1, 2, 20, len(ask(1))):
        connection = connect()
        connection.sendall(ask(1) + ask(2)[:cut])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
    other.sendall(ask(3))
    assert next_reply(other) == (3, NOERROR)


def metric(dnsd, name):
    """The value of one sample of /metrics, as `name` or `name{labels}`."""
    _, _, text = http.get(dnsd.address, dnsd.admin_port, "/metrics")
    return int(re.search(rf"^{re.escape(name)} (\d+)$", text, re.M).group(1))


def ended(dnsd, reason):
    return metric(dnsd, f'dnsd_tcp_closed_total{{reason="{reason}"}}')


@pytest.mark.smoke
def test_who_never_reads_is_reset(dnsd, connect, figures):
    """RFC 9210 4.2: replies that nobody takes do not stay for ever."""
    before, connection = ended(dnsd, "stall"), connect()
    connection.settimeout(0.3)
    with pytest.raises((TimeoutError, ConnectionResetError)):
        while True:
            connection.sendall(ask(1) * 100)
    began = time.monotonic()
    until(lambda: ended(dnsd, "stall") == before + 1, STALL_S + LATE_S, "the connection to be reset")
    figures(f"TCP, never reads: reset {time.monotonic() - began:.1f} s after the last byte was taken")


@pytest.mark.smoke
def test_one_client_cannot_take_all_places(dnsd, connect):
    """RFC 7766 6.2.2: limits for each client; 20 to a thread, and the offender's own connections give way."""
    threads = dnsd.settings["threads"]
    before, other = ended(dnsd, "limit"), connect("127.30.1.1")
    for _ in range(20 * threads + 20):
        connect("127.30.0.1")
    until(lambda: ended(dnsd, "limit") >= before + 20, 10, "20 connections to give way")
    other.sendall(ask(1))
    assert next_reply(other) == (1, NOERROR)


@pytest.mark.smoke
def test_metrics_tell_of_connections(dnsd, connect):
    until(lambda: metric(dnsd, "dnsd_tcp_connections") == 0, IDLE_S + LATE_S, "the connections before to end")
    accepted, gone = metric(dnsd, "dnsd_tcp_accepted_total"), ended(dnsd, "peer")
    connections = [connect() for _ in range(3)]
    until(lambda: metric(dnsd, "dnsd_tcp_connections") == 3, 5, "three connections to be counted")
    connections[0].close()
    until(lambda: metric(dnsd, "dnsd_tcp_connections") == 2, 5, "one of them to be gone")
    assert metric(dnsd, "dnsd_tcp_accepted_total") == accepted + 3
    assert ended(dnsd, "peer") == gone + 1


def udp_times(dnsd, rate, seconds):
    """Asks `rate` times a second over UDP, whether or not the answers come. Returns (questions, milliseconds of each
    answer)."""
    sent, times, count = {}, [], int(rate * seconds)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.connect((dnsd.address, dnsd.port))
        began = time.monotonic()
        for number in range(count):
            while (wait := began + number / rate - time.monotonic()) > 0:
                hear(asker, wait, sent, times)
            sent[number & 0xFFFF] = time.monotonic()
            asker.send(with_edns(question(NAME, ident=number & 0xFFFF)))
        while sent and hear(asker, 1, sent, times):
            pass
    return count, times


def hear(asker, wait_s, sent, times):
    """One answer, if it comes within this time."""
    asker.settimeout(wait_s)
    try:
        ident = struct.unpack_from("!H", asker.recv(2048))[0]
    except (TimeoutError, BlockingIOError):
        return False
    times.append(1000 * (time.monotonic() - sent.pop(ident)))
    return True


def under_a_flock(dnsd, seconds, figures, **kinds):
    """Holds a flock of connections and asks over UDP beside it. Returns the share answered, how many connections
    dnsd holds at the end, and the most memory it ever had more than before, in KiB."""
    crowd = " and ".join(f"{count} {kind}" for kind, count in kinds.items())
    before = dnsd.status_kib("VmRSS")
    with Flock(dnsd.address, dnsd.port, **kinds) as flock:
        asked, times = udp_times(dnsd, 500, seconds)
        held, memory = metric(dnsd, "dnsd_tcp_connections"), dnsd.status_kib("VmRSS")
        most = dnsd.status_kib("VmHWM")
        ends = {reason: ended(dnsd, reason) for reason in ("idle", "slow", "stall", "limit")}
        opened = flock.opened
    times.sort()
    figures(f"UDP beside {crowd} TCP clients ({opened} connections opened): {len(times)} of {asked} answered, "
            f"p50 {times[len(times) // 2]:.2f} ms, p99 {times[len(times) * 99 // 100]:.2f} ms, "
            f"worst {times[-1]:.1f} ms")
    figures(f"dnsd with {held} TCP connections: VmRSS {memory / 1024:.1f} MiB, {before / 1024:.1f} MiB before, "
            f"{most / 1024:.1f} MiB at most; ended so far: {ends}")
    return len(times) / asked, held, most - before


@pytest.mark.skipif(SANITIZED, reason="timing and memory of a sanitizer tell nothing")
def test_idle_connections_cost_no_udp_answer(dnsd, figures):
    answered, held, memory = under_a_flock(dnsd, 5, figures, idle=1000, slow=50)
    assert answered >= 0.999
    assert held >= 900  # some are just being opened again
    assert memory <= held * IDLE_KIB


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_ten_thousand_idle_connections_cost_no_udp_answer(dnsd, figures):
    """500 source addresses; they outlive the idle limit several times, so that all of them come again and again."""
    answered, held, memory = under_a_flock(dnsd, 40, figures, idle=10000, slow=200)
    assert answered >= 0.999
    assert held >= 9000  # some are just being opened again
    assert memory <= held * IDLE_KIB


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_clients_that_never_read_cost_no_udp_answer(dnsd, figures):
    answered, _, memory = under_a_flock(dnsd, 20, figures, deaf=500)
    assert answered >= 0.999
    assert memory <= 500 * WAITING_KIB
