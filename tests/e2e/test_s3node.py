"""One s3node, spoken to directly: what it refuses, its own paths, stopping, memory, and a crash in mid PUT."""

import hashlib
import http.client
import json
import re
import socket
import threading

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from conftest import SANITIZED
from kit import http as web
from kit.pool import KEY, S3Node
from kit.process import until

ADDRESS, PORT = "127.0.2.1", 9000
MIB = 1 << 20


@pytest.fixture(scope="module")
def root(box):
    return box.folder("s3node-root")


@pytest.fixture
def node(box, root):
    with S3Node(box, ADDRESS, root, name="s3node-alone").up() as node:
        yield node


@pytest.fixture
def direct(node, s3):
    return s3(f"http://{node.address}:{node.port}")


@pytest.fixture
def bucket(direct, request):
    """An empty bucket of this test's own."""
    name = f"bucket-{abs(hash(request.node.nodeid))}"
    direct.create_bucket(Bucket=name)
    return name


def signed_headers(node, method, path, length):
    """Headers of a signed request whose body is not part of the signature."""
    request = AWSRequest(method, f"http://{node.address}:{node.port}{path}",
                         headers={"Content-Length": str(length), "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
    request.context["payload_signing_enabled"] = False
    S3SigV4Auth(Credentials(KEY["access_key"], KEY["secret_key"]), "s3", "us-east-1").add_auth(request)
    return dict(request.headers.items())


def request(node, method, path, body=None, length=0):
    """One signed request with a streamed body; the open response."""
    connection = http.client.HTTPConnection(node.address, node.port, timeout=120)
    connection.request(method, path, body=body, headers=signed_headers(node, method, path, length))
    return connection.getresponse()


def pieces(size):
    """`size` bytes, a MiB at a time, each MiB different."""
    for number in range(size // MIB):
        yield number.to_bytes(8, "big") * (MIB // 8)


@pytest.mark.smoke
@pytest.mark.parametrize("data", [
    b"GARBAGE\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n",
    b"GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100,
], ids=["garbage", "version", "no host", "two lengths", "length and chunked", "negative length", "bad header",
        "bad escape", "huge target", "TLS hello"])
def test_malformed_requests_get_400_and_the_connection_is_closed(node, data):
    assert re.match(rb"HTTP/1\.[01] 4(00|14|31) ", web.raw(node.address, node.port, data))
    assert web.answers(node.address, node.port, "/-/ready")


@pytest.mark.smoke
def test_unsigned_requests_are_refused(node, bucket):
    for method, path in (("GET", "/"), ("GET", f"/{bucket}"), ("PUT", f"/{bucket}/key"), ("DELETE", f"/{bucket}/key")):
        status, _, body = web.get(node.address, node.port, path, method=method)
        assert status == 403 and "<Code>AccessDenied</Code>" in body


@pytest.mark.smoke
@pytest.mark.parametrize("options, code", [
    ({"secret": "wrong"}, "SignatureDoesNotMatch"),
    ({"access": "nobody"}, "InvalidAccessKeyId"),
])
def test_wrong_keys_are_refused(node, s3, options, code):
    with pytest.raises(ClientError) as refused:
        s3(f"http://{node.address}:{node.port}", **options).list_buckets()
    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_request_signed_long_ago_is_refused(node):
    old = {"Host": f"{node.address}:{node.port}", "X-Amz-Date": "20200101T000000Z",
           "X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD",
           "Authorization": "AWS4-HMAC-SHA256 Credential=app/20200101/us-east-1/s3/aws4_request, "
                            "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=" + "0" * 64}
    status, _, body = web.get(node.address, node.port, "/", headers=old)
    assert status == 403 and "<Code>RequestTimeTooSkewed</Code>" in body


@pytest.mark.smoke
def test_reserved_paths(node):
    assert web.get(node.address, node.port, "/-/live")[0] == 200
    status, headers, _ = web.get(node.address, node.port, "/-/ready")
    assert status == 200
    assert re.fullmatch(r"boot=[0-9a-f]+;seq=\d+;state=ready;conns=\d+;limit=1536", headers["X-Node-Load"])
    first, second = node.load(), node.load()
    assert set(first) >= {"v", "boot", "seq", "store", "state", "conns", "inflight", "limit", "resume", "accepts"}
    assert (first["v"], first["state"], first["limit"], first["resume"]) == (1, "ready", 1536, 1024)
    assert second["boot"] == first["boot"] and second["seq"] > first["seq"]
    assert re.search(r"^s3node_\w+(\{.*\})? \d", web.get(node.address, node.port, "/-/metrics")[2], re.M)
    assert web.get(node.address, node.port, "/-/nothing")[0] == 404


@pytest.mark.smoke
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ["live", "ready", "cluster", "cluster/read"])
def test_health_paths_of_other_servers(node, method, path):
    assert web.get(node.address, node.port, f"/minio/health/{path}", method=method)[0] == 200


@pytest.mark.smoke
def test_a_probe_never_counts(node):
    """Connections to /-/ leave the count; the first S3 request counts."""
    for _ in range(20):
        assert node.load()["conns"] == 0
    with socket.create_connection((node.address, node.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 403")
        assert node.load()["conns"] == 1
    until(lambda: node.load()["conns"] == 0, 5, "the closed connection to leave the count")


@pytest.mark.smoke
def test_drain(box, root, s3):
    """SIGTERM: not ready at once, still serving, requests in flight finish, exit code 0."""
    with S3Node(box, "127.0.2.2", root, name="s3node-drain", drain="3s").up() as node:
        client = s3(f"http://{node.address}:{node.port}")
        client.create_bucket(Bucket="drained")
        data = bytes(range(256)) * (16 * MIB // 256)
        client.put_object(Bucket="drained", Key="large", Body=data)
        response = request(node, "GET", "/drained/large")
        begun = response.read(MIB)
        node.child.terminate()
        until(lambda: web.get(node.address, node.port, "/-/ready")[0] == 503, 2, "503 from /-/ready")
        status, headers, _ = web.get(node.address, node.port, "/-/ready")
        assert (status, headers["X-Node-State"]) == (503, "drain")
        status, headers, _ = web.get(node.address, node.port, "/drained/large")
        assert (status, headers["Connection"]) == (403, "close")
        assert begun + response.read() == data
        assert node.reap() == 0


@pytest.mark.smoke
def test_a_second_sigterm_stops_now(box, root):
    with S3Node(box, "127.0.2.3", root, name="s3node-now", drain="1h").up() as node:
        with socket.create_connection((node.address, node.port)) as held:
            held.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            held.recv(65536)
            node.child.terminate()
            until(lambda: not web.answers(node.address, node.port, "/-/ready"), 5, "the drain to begin")
            node.child.terminate()
            assert node.reap(10) == 0


@pytest.mark.smoke
def test_a_crash_in_the_middle_of_a_put_leaves_no_object(root, node, direct, bucket):
    direct.put_object(Bucket=bucket, Key="old", Body=b"before")
    size = 8 * MIB
    for key in ("new", "old"):
        with socket.create_connection((node.address, node.port)) as connection:
            path = f"/{bucket}/{key}"
            head = "".join(f"{name}: {value}\r\n" for name, value in signed_headers(node, "PUT", path, size).items())
            connection.sendall(f"PUT {path} HTTP/1.1\r\nHost: {node.address}:{node.port}\r\n{head}\r\n".encode())
            connection.sendall(bytes(size // 2))
            until(lambda: node.load()["inflight"] == 1, 5, "the upload to be in flight")
            node.kill()
            node.reap()
        node.up()
    with pytest.raises(ClientError, match="404"):
        direct.head_object(Bucket=bucket, Key="new")
    assert direct.get_object(Bucket=bucket, Key="old")["Body"].read() == b"before"
    assert not (root / bucket / "new").exists()
    listed = direct.list_objects_v2(Bucket=bucket)["Contents"]
    assert [entry["Key"] for entry in listed] == ["old"]


@pytest.mark.smoke
def test_an_upload_that_breaks_off_leaves_no_object(node, direct, bucket):
    path = f"/{bucket}/half"
    head = "".join(f"{name}: {value}\r\n" for name, value in signed_headers(node, "PUT", path, MIB).items())
    with socket.create_connection((node.address, node.port)) as connection:
        connection.sendall(f"PUT {path} HTTP/1.1\r\nHost: {node.address}:{node.port}\r\n{head}\r\n".encode() + b"x" * 1000)
        until(lambda: node.load()["inflight"] == 1, 5, "the upload to be in flight")
    until(lambda: node.load()["inflight"] == 0, 5, "the upload to end")
    with pytest.raises(ClientError, match="404"):
        direct.head_object(Bucket=bucket, Key="half")


def memory_of_a_large_object(node, direct, bucket, size, figures):
    """PUT and GET of one object; the most memory that the node ever had resident, in KiB."""
    put = request(node, "PUT", f"/{bucket}/large", pieces(size), size)
    assert put.status == 200, put.read()
    got, expected = hashlib.sha256(), hashlib.sha256()
    response = request(node, "GET", f"/{bucket}/large")
    for piece in pieces(size):
        expected.update(piece)
        got.update(response.read(MIB))
    assert got.digest() == expected.digest() and not response.read(1)
    direct.delete_object(Bucket=bucket, Key="large")
    most = node.status_kib("VmHWM")
    figures(f"s3node: PUT and GET of {size // MIB} MiB with at most {most / 1024:.1f} MiB resident (VmHWM)")
    return most


@pytest.mark.skipif(SANITIZED, reason="a sanitizer's own memory is counted too")
def test_a_large_object_needs_little_memory(node, direct, bucket, figures):
    assert memory_of_a_large_object(node, direct, bucket, 256 * MIB, figures) <= 64 * 1024


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_5_gib_object_needs_little_memory(node, direct, bucket, figures):
    assert memory_of_a_large_object(node, direct, bucket, 5 * 1024 * MIB, figures) <= 64 * 1024


@pytest.mark.smoke
def test_one_pair_of_keys_is_made_at_the_first_start(box, s3):
    """Without keys a pair is made, printed once and kept; a second node on the root finds the same."""
    root = box.folder("keyless-root")
    with S3Node(box, "127.0.2.4", root, name="keyless-1", keys=[]).up() as first, \
            S3Node(box, "127.0.2.5", root, name="keyless-2", keys=[]).up() as second:
        kept = root / ".s3n-sys/keys"
        assert kept.stat().st_mode & 0o777 == 0o600
        printed = first.log.read_text() + second.log.read_text()
        pair = re.findall(r"(?:access|secret)[_ ]key[\":= ]+([\w/+-]{8,})", printed)
        assert len(pair) == 2, printed
        for node in (first, second):
            assert s3(f"http://{node.address}:{node.port}", access=pair[0], secret=pair[1]).list_buckets()["Buckets"] == []


@pytest.mark.smoke
def test_two_nodes_of_one_root_tell_the_same_store(box, root, node):
    with S3Node(box, "127.0.2.6", root, name="s3node-twin").up() as twin:
        assert node.load()["store"] == twin.load()["store"]
        assert node.load()["boot"] != twin.load()["boot"]


@pytest.mark.smoke
def test_many_clients_at_once(node, s3):
    """Threads that write and read their own keys; every byte comes back."""
    s3(f"http://{node.address}:{node.port}").create_bucket(Bucket="crowded")
    wrong = []

    def worker(number):
        client = s3(f"http://{node.address}:{node.port}")
        for turn in range(10):
            body = json.dumps([number, turn]).encode() * 1000
            client.put_object(Bucket="crowded", Key=f"{number}", Body=body)
            if client.get_object(Bucket="crowded", Key=f"{number}")["Body"].read() != body:
                wrong.append((number, turn))

    threads = [threading.Thread(target=worker, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
