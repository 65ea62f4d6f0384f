"""Two programs that exchange known content over one TCP connection and compare every byte.

talk.py serve ADDRESS                  prints "listening PORT", takes one connection
talk.py call ADDRESS PORT MEGABYTES    prints "same both ways" at the end
"""
import random
import socket
import sys
import threading

CALLER_SEED, SERVER_SEED = 1, 2


def content(seed, megabytes):
    return random.Random(seed).randbytes(megabytes << 20)


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def receive(connection, length):
    parts = []
    while length > 0:
        part = connection.recv(min(length, 1 << 18))
        if not part:
            break
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def exchange(connection, send_seed, receive_seed, megabytes):
    # Both directions at once, so that data and acknowledgements share segments.
    sender = threading.Thread(target=connection.sendall, args=(content(send_seed, megabytes),))
    sender.start()
    got = receive(connection, megabytes << 20)
    sender.join()
    expected = content(receive_seed, megabytes)
    if got != expected:
        different = next((i for i, (a, b) in enumerate(zip(got, expected)) if a != b), min(len(got), len(expected)))
        sys.exit(f"content differs at byte {different}; got {len(got)} of {len(expected)}")


def serve(address):
    with socket.socket(family(address), socket.SOCK_STREAM) as listener:
        listener.bind((address, 0))
        listener.listen(1)
        listener.settimeout(60)
        print("listening", listener.getsockname()[1])
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(60)
            megabytes = int.from_bytes(receive(connection, 4), "big")
            exchange(connection, SERVER_SEED, CALLER_SEED, megabytes)
            # The caller's word that it has everything: only then may this end be closed.
            receive(connection, 1)


def call(address, port, megabytes):
    with socket.create_connection((address, port), timeout=60) as connection:
        connection.sendall(megabytes.to_bytes(4, "big"))
        exchange(connection, CALLER_SEED, SERVER_SEED, megabytes)
        connection.sendall(b"!")
    print("same both ways")


if sys.argv[1] == "serve":
    serve(sys.argv[2])
else:
    call(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
