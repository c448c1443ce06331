"""Many open connections to one address, as many clients would hold them."""

import resource
import socket


def raise_file_limit():
    """As many open files as this user may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Crowd:
    """Connections that are opened and then only held; each sends nothing unless told."""

    def __init__(self, address, port):
        self.address, self.port = address, port
        self.sockets = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.resize(0)

    def __len__(self):
        return len(self.sockets)

    def resize(self, count):
        """Opens or closes connections until there are `count`."""
        while len(self.sockets) < count:
            self.sockets.append(socket.create_connection((self.address, self.port), timeout=10))
        while len(self.sockets) > count:
            self.sockets.pop().close()

    def request_all(self, host):
        """One unsigned S3 request on every connection; returns the status codes that came back, 0 for a
        connection that was closed."""
        request = f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        return [self.request(connection, request) for connection in self.sockets]

    @staticmethod
    def request(connection, request):
        try:
            connection.sendall(request)
            head = connection.recv(65536)
            return int(head.split(b" ", 2)[1]) if head else 0
        except OSError:
            return 0
