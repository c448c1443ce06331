"""A flock of TCP connections from many addresses of 127.0.0.0/8 that do nothing, or nearly nothing, each opened again
when it is closed. It runs in a process of its own, so that it takes no time from whoever measures."""

import multiprocessing
import selectors
import socket
import time

PER_ADDRESS, PER_NETWORK = 20, 5  # connections of an address, addresses of a /24
TICK_S = 1.0


def sources(network, count):
    """The source addresses of `count` connections: 127.`network`.x.y."""
    addresses = range((count + PER_ADDRESS - 1) // PER_ADDRESS)
    named = [f"127.{network}.{n // PER_NETWORK}.{n % PER_NETWORK + 1}" for n in addresses]
    return [named[i // PER_ADDRESS] for i in range(count)]


class Sheep:
    """One connection; a slow one sends a byte a tick, of a message that never ends."""

    def __init__(self, source, slow):
        self.source, self.slow = source, slow
        self.socket = None

    def open(self, target):
        self.socket = socket.create_connection(target, 5, (self.source, 0))
        self.socket.setblocking(False)

    def tick(self):
        if self.slow:
            try:
                self.socket.send(b"\xff")
            except OSError:
                pass  # closed just now: the selector will say so


def hold(target, flock, ready, opened, stop):
    """Keeps all of them open until `stop`."""
    with selectors.DefaultSelector() as selector:
        def renew(sheep):
            sheep.open(target)
            selector.register(sheep.socket, selectors.EVENT_READ, sheep)
            opened.value += 1
        for sheep in flock:
            renew(sheep)
        ready.set()
        next_tick = time.monotonic() + TICK_S
        while not stop.is_set():
            for key, _ in selector.select(max(0, min(next_tick - time.monotonic(), 0.1))):
                selector.unregister(key.fileobj)  # nobody sends them anything: it is the end
                key.fileobj.close()
                renew(key.data)
            if time.monotonic() >= next_tick:
                next_tick += TICK_S
                for sheep in flock:
                    sheep.tick()
        for sheep in flock:
            sheep.socket.close()


class Flock:
    """`idle` connections that say nothing and `slow` ones of a byte a second, until the end of the block."""

    def __init__(self, address, port, idle, slow):
        context = multiprocessing.get_context("fork")
        flock = [Sheep(source, False) for source in sources(10, idle)]
        flock += [Sheep(source, True) for source in sources(20, slow)]
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
