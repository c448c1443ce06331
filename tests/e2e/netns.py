"""A network of our own: the whole test run moves into a fresh network and mount namespace, where port 53 is
free, every 127.x.y.z is ours and resolv.conf can point at our resolver."""

import ctypes
import os
import subprocess

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000


def trial(uid):
    """Tries it in a child first: half a namespace cannot be left again. Returns what stands in the way."""
    command = ["unshare", "-n", "-m"] if uid == 0 else ["unshare", "-r", "-n", "-m"]
    try:
        done = subprocess.run([*command, "ip", "link", "set", "lo", "up"], capture_output=True, text=True, check=False)
    except FileNotFoundError as gone:
        return f"{gone.filename} is not installed"
    return done.stderr.strip() if done.returncode else ""


def map_to_root(uid, gid):
    """Makes an ordinary user root of its own user namespace."""
    for file, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{file}", "w", encoding="ascii") as out:
            out.write(text)


def enter():
    """Moves this process (one thread so far) into its own network; returns why not, or ''."""
    uid, gid = os.getuid(), os.getgid()
    why_not = trial(uid)
    if why_not:
        return why_not
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET | CLONE_NEWNS | (CLONE_NEWUSER if uid else 0)) != 0:
        return os.strerror(ctypes.get_errno())
    if uid:
        map_to_root(uid, gid)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    return ""


def open_low_ports():
    """Lets ordinary users bind port 53 in this network; False if the kernel's settings are read-only here."""
    try:
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", "w", encoding="ascii") as out:
            out.write("0")
        return True
    except OSError:
        return False


def add_address(address):
    """Gives the loopback interface one more address of its own: BIND listens on addresses of interfaces only."""
    subprocess.run(["ip", "address", "add", f"{address}/32", "dev", "lo"], check=True)


def resolve_with(box, server):
    """Names are resolved by `server`, and by DNS only, from here on."""
    for file, text in (("resolv.conf", f"nameserver {server}\n"), ("nsswitch.conf", "hosts: files dns\n")):
        subprocess.run(["mount", "--bind", box.write(file, text), f"/etc/{file}"], check=True)
