"""One plain HTTP request at a time: admin pages, reserved paths, and bytes that are no HTTP at all."""

import http.client
import json
import socket


def get(address, port, path, method="GET", headers=None, timeout_s=10):
    """(status, headers, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection(address, port, timeout=timeout_s)
    try:
        connection.request(method, path, headers=headers or {})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read().decode(errors="replace")
    finally:
        connection.close()


def answers(address, port, path, status=200):
    """True if it answers this path with this status now."""
    try:
        return get(address, port, path, timeout_s=2)[0] == status
    except (OSError, http.client.HTTPException):
        return False


def get_json(address, port, path):
    status, _, body = get(address, port, path)
    assert status == 200, f"{status} from {path}: {body[:200]}"
    return json.loads(body)


def raw(address, port, data, timeout_s=10):
    """Sends bytes and reads until the other side closes; returns what came."""
    with socket.create_connection((address, port), timeout=timeout_s) as connection:
        connection.sendall(data)
        got = b""
        while chunk := connection.recv(65536):
            got += chunk
        return got
