"""Real S3 clients by the pool's one name, while nodes are killed and come back: what was acknowledged is there,
and a whole object goes through with the clients' default retries."""

import hashlib
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from conftest import SANITIZED
from kit.pool import NAME

ENDPOINT = f"http://{NAME}:9000"
COUNT, LARGEST = (40, 1 << 20) if SANITIZED else (200, 64 << 20)
BUCKET = "durable"


@pytest.fixture(autouse=True)
def by_name(resolver, pool):
    """Clients find the pool by its name only."""


def sizes(count, largest):
    """From 1 byte to `largest`, each step the same factor."""
    return [round(largest ** (i / (count - 1))) for i in range(count)]


def content(number, size):
    """Different bytes for every object, the same in every run."""
    return random.Random(number).randbytes(min(size, 4096)).ljust(size, bytes([number % 256]))


def digest(data):
    return hashlib.sha256(data).hexdigest()


@dataclass
class Chaos:
    """Kills one node after the other and brings it back, until told to stop."""

    pool: object
    kills: int = 0
    trouble: list = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self):
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        if self.trouble:
            raise self.trouble[0]

    def run(self):
        try:
            while not self.over.is_set():
                node = self.pool.nodes[self.kills % len(self.pool.nodes)]
                node.kill()
                node.reap()
                self.kills += 1
                self.over.wait(0.5)  # clients meet the dead address for a while
                node.up()
                self.pool.dnsd.wait_addresses({n.address for n in self.pool.nodes}, 60)
                self.over.wait(0.5)
        except Exception as trouble:  # shown by the test that waits for us
            self.trouble.append(trouble)


def put(client, key, data, number, scratch):
    """Two objects in three by put_object, the third from a file by upload_file."""
    if number % 3:
        client.put_object(Bucket=BUCKET, Key=key, Body=data)
    else:
        file = scratch / key
        file.write_bytes(data)
        client.upload_file(str(file), BUCKET, key)
        file.unlink()


def fetch(client, key, scratch):
    file = scratch / f"{key}.back"
    client.download_file(BUCKET, key, str(file))
    data = file.read_bytes()
    file.unlink()
    return data


def listed(client, bucket, **paging):
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig=paging)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


@pytest.mark.smoke
@pytest.mark.timeout(600)
def test_boto3_while_nodes_die(pool, s3, scratch, figures):
    client = s3(ENDPOINT)
    client.create_bucket(Bucket=BUCKET)
    acknowledged = {}

    def one(number, size):
        key, data = f"object-{number:03d}-{size}", content(number, size)
        put(client, key, data, number, scratch)
        acknowledged[key] = digest(data)
        assert digest(fetch(client, key, scratch)) == acknowledged[key]

    with Chaos(pool) as chaos, ThreadPoolExecutor(4) as workers:
        list(workers.map(one, *zip(*enumerate(sizes(COUNT, LARGEST)), strict=True)))
    pool.whole()

    assert len(acknowledged) == COUNT
    assert chaos.kills > 0
    for number, (key, expected) in enumerate(acknowledged.items()):  # each from one node, by its own address
        node = pool.nodes[number % len(pool.nodes)]
        assert digest(fetch(s3(f"http://{node.address}:{node.port}"), key, scratch)) == expected, (key, node.address)
    assert listed(client, BUCKET) == sorted(acknowledged)
    for key in acknowledged:
        client.delete_object(Bucket=BUCKET, Key=key)
    assert listed(client, BUCKET) == []
    figures(f"boto3: {COUNT} objects of 1 byte to {LARGEST >> 20} MiB put, listed, read back and deleted over {chaos.kills} kills, "
            "none lost")


@pytest.mark.smoke
@pytest.mark.timeout(600)
def test_aws_command_line_while_nodes_die(pool, aws, scratch, figures):
    count, largest = (8, 1 << 20) if SANITIZED else (COUNT, LARGEST)
    there, back = scratch / "there", scratch / "back"
    there.mkdir()
    for number, size in enumerate(sizes(count, largest)):
        (there / f"file {number} ü").write_bytes(content(number, size))
    aws("s3", "mb", "s3://cli")
    with Chaos(pool) as chaos:
        aws("s3", "cp", there, "s3://cli/tree/", "--recursive", "--only-show-errors")
        shown = aws("s3", "ls", "s3://cli/tree/")
        aws("s3", "cp", "s3://cli/tree/", back, "--recursive", "--only-show-errors")
        assert len(shown.splitlines()) == count
        for file in there.iterdir():
            assert digest(file.read_bytes()) == digest((back / file.name).read_bytes()), file.name
        aws("s3", "rm", "s3://cli/tree/", "--recursive", "--only-show-errors")
    assert aws("s3", "ls", "s3://cli/").strip() == ""
    figures(f"aws s3 cp: {count} files of 1 byte to {largest >> 20} MiB there, back and removed over {chaos.kills} kills")


@pytest.mark.smoke
def test_boto3_list_head_copy_delete(pool, s3):
    client = s3(ENDPOINT)
    client.create_bucket(Bucket="listed")
    for number in range(25):
        client.put_object(Bucket="listed", Key=f"dir-{number % 5}/key {number}", Body=b"x" * number,
                          Metadata={"number": str(number)}, ContentType="text/plain")
    assert "listed" in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
    keys = listed(client, "listed", PageSize=7)
    assert keys == sorted(keys) and len(keys) == 25
    folders = client.list_objects_v2(Bucket="listed", Delimiter="/")["CommonPrefixes"]
    assert [folder["Prefix"] for folder in folders] == [f"dir-{n}/" for n in range(5)]
    head = client.head_object(Bucket="listed", Key="dir-4/key 24")
    assert (head["ContentLength"], head["ContentType"], head["Metadata"]) == (24, "text/plain", {"number": "24"})
    part = client.get_object(Bucket="listed", Key="dir-4/key 24", Range="bytes=3-7")
    assert part["Body"].read() == b"x" * 5 and part["ContentRange"] == "bytes 3-7/24"
    for key in keys:
        client.delete_object(Bucket="listed", Key=key)
    with pytest.raises(ClientError, match="NoSuchKey"):
        client.get_object(Bucket="listed", Key=keys[0])
    client.delete_bucket(Bucket="listed")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        client.list_objects_v2(Bucket="listed")


def test_parts_on_different_nodes_become_one_object(pool, s3, scratch):
    """Multipart: every request of one upload may meet another node of the pool."""
    clients = [s3(f"http://{node.address}:{node.port}") for node in pool.nodes]
    clients[0].create_bucket(Bucket="parts")
    data = content(1, 5 << 20)
    upload = clients[0].create_multipart_upload(Bucket="parts", Key="whole")["UploadId"]
    parts = [{"PartNumber": n, "ETag": clients[n % 3].upload_part(Bucket="parts", Key="whole", UploadId=upload,
                                                                 PartNumber=n, Body=data)["ETag"]} for n in range(1, 7)]
    clients[2].complete_multipart_upload(Bucket="parts", Key="whole", UploadId=upload, MultipartUpload={"Parts": parts})
    file = scratch / "whole"
    clients[1].download_file("parts", "whole", str(file), Config=TransferConfig(multipart_threshold=8 << 20))
    assert digest(file.read_bytes()) == digest(data * 6)


def test_keys_of_any_characters(pool, s3):
    client = s3(ENDPOINT)
    client.create_bucket(Bucket="keys")
    keys = ["a/b c+d%é", "a", "a/", "a//b", "../up", ".", "x" * 1024, "日本", "tab\there", "q?u=e&r#y"]
    for number, key in enumerate(keys):
        client.put_object(Bucket="keys", Key=key, Body=str(number).encode())
    assert [client.get_object(Bucket="keys", Key=key)["Body"].read() for key in keys] == \
        [str(number).encode() for number in range(len(keys))]
    assert listed(client, "keys") == sorted(keys, key=str.encode)


def test_objects_are_plain_files(pool, s3):
    client = s3(ENDPOINT)
    client.create_bucket(Bucket="plain")
    client.put_object(Bucket="plain", Key="dir/file.txt", Body=b"readable by any tool")
    assert (pool.root / "plain/dir/file.txt").read_bytes() == b"readable by any tool"
