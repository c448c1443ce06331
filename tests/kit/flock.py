"""A flock of bad TCP clients from many addresses of 127.0.0.0/8: idle, slow, or deaf to their replies; each connection is
opened again when it is closed. It runs in a process of its own, so that it takes no time from whoever measures."""

import multiprocessing
import selectors
import socket
import struct
import time

from kit.dns import question
from kit.pool import NAME

PER_ADDRESS, PER_NETWORK = 20, 5  # connections of an address, addresses of a /24
TICK_S = 1.0
QUERY = question(NAME)
EACH_TICK = {"idle": b"", "slow": b"\xff", "deaf": 500 * (struct.pack("!H", len(QUERY)) + QUERY)}


def sources(network, count):
    """The source addresses of `count` connections: 127.`network`.x.y."""
    addresses = range((count + PER_ADDRESS - 1) // PER_ADDRESS)
    named = [f"127.{network}.{n // PER_NETWORK}.{n % PER_NETWORK + 1}" for n in addresses]
    return [named[i // PER_ADDRESS] for i in range(count)]


class Sheep:
    """One connection. A slow one sends a byte a tick, of a message that never ends; a deaf one as many questions as
    the other side takes, and reads no reply."""

    def __init__(self, source, kind):
        self.source, self.kind = source, kind
        self.socket = None

    def open(self, target):
        self.socket = socket.socket()
        if self.kind == "deaf":  # what waits shall wait on the other side
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(5)
        self.socket.bind((self.source, 0))
        self.socket.connect(target)
        self.socket.setblocking(False)

    def tick(self):
        """False if the connection has ended."""
        try:
            while EACH_TICK[self.kind] and self.socket.send(EACH_TICK[self.kind]) and self.kind == "deaf":
                pass
        except BlockingIOError:
            pass
        except OSError:
            return False
        return True


def hold(target, flock, ready, opened, stop):
    """Keeps all of them open until `stop`."""
    with selectors.DefaultSelector() as selector:
        def renew(sheep):
            sheep.open(target)
            if sheep.kind != "deaf":
                selector.register(sheep.socket, selectors.EVENT_READ, sheep)
            opened.value += 1
        for sheep in flock:
            renew(sheep)
        ready.set()
        next_tick = time.monotonic() + TICK_S
        while not stop.is_set():
            for key, _ in selector.select(max(0, min(next_tick - time.monotonic(), 0.1))):
                selector.unregister(key.fileobj)  # they are sent nothing: it is the end
                key.fileobj.close()
                renew(key.data)
            if time.monotonic() >= next_tick:
                next_tick += TICK_S
                for sheep in flock:
                    if not sheep.tick() and sheep.kind == "deaf":  # of the others the selector tells
                        sheep.socket.close()
                        renew(sheep)
        for sheep in flock:
            sheep.socket.close()


class Flock:
    """So many connections of each kind until the end of the block."""

    def __init__(self, address, port, **kinds):
        context = multiprocessing.get_context("fork")
        flock = [Sheep(source, kind) for network, kind in enumerate(EACH_TICK, 10)
                 for source in sources(network, kinds.get(kind, 0))]
        self.ready, self.stop, self.count = context.Event(), context.Event(), context.Value("q", 0)
        self.process = context.Process(target=hold, args=((address, port), flock, self.ready, self.count, self.stop))

    def __enter__(self):
        self.process.start()
        if not self.ready.wait(60):
            self.__exit__()
            raise TimeoutError("not all connections could be opened within 60 s")
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.process.join(20)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()

    @property
    def opened(self):
        """How many connections were opened so far, those opened again counted again."""
        return self.count.value
