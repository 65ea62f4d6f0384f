"""Two programs that send numbered UDP datagrams of known content one way, and compare each at its end.

trains.py serve ADDRESS one|merged     prints "listening PORT"; with "merged" its socket takes whole trains (UDP_GRO)
trains.py call ADDRESS PORT FLOWS SENDS DATAGRAMS BYTES
    Sends SENDS times from each of FLOWS source ports. With DATAGRAMS > 1 a send is a train that the kernel or a device cuts
    (UDP_SEGMENT): datagrams of BYTES bytes, the last one shorter. Prints what the server found, "all N arrived" if nothing is wrong.

No more is under way than buffers hold: the server tells over TCP what it has, so every datagram has to arrive, once and in its
flow's order.
"""
import random
import select
import socket
import struct
import sys

UDP_SEGMENT, UDP_GRO, SO_RCVBUFFORCE = 103, 104, 33
HEAD = struct.Struct("!HI")
COUNT = struct.Struct("!I")
PLAN = struct.Struct("!4I")
LIMIT_SECONDS = 30
CONTENT = random.Random(3).randbytes(1 << 20)


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def datagram(flow, number, datagrams, size):
    if datagrams > 1 and number % datagrams == datagrams - 1:
        size -= 1 + number // datagrams % (size - HEAD.size)
    at = (flow * 65537 + number * 7919) % (len(CONTENT) - size)
    return HEAD.pack(flow, number) + CONTENT[at:at + size - HEAD.size]


def receive(connection, length):
    got = b""
    while len(got) < length:
        part = connection.recv(length - len(got))
        if not part:
            break
        got += part
    return got


def read(sock):
    """The datagrams of one read."""
    payload, control, _, _ = sock.recvmsg(1 << 16, 64)
    for level, kind, value in control:
        if level == socket.IPPROTO_UDP and kind == UDP_GRO:
            size = struct.unpack("i", value[:4])[0]
            return [payload[i:i + size] for i in range(0, len(payload), size)]
    return [payload]


def check(sock, connection, flows, sends, datagrams, size):
    expected = flows * sends * datagrams
    following = [0] * flows
    count, told, reads = 0, 0, 0
    while count < expected:
        if not select.select([sock], [], [], LIMIT_SECONDS)[0]:
            return f"{count} of {expected} arrived; of each flow {following}"
        reads += 1
        for got in read(sock):
            flow, number = HEAD.unpack_from(got)
            if flow >= flows or number != following[flow]:
                return f"flow {flow}: {number} came where {following[flow]} was due, as number {count}"
            if got != datagram(flow, number, datagrams, size):
                return f"flow {flow}: content of {number} differs"
            following[flow] += 1
            count += 1
        if count - told >= max(16, datagrams):
            connection.sendall(COUNT.pack(count))
            told = count
    if select.select([sock], [], [], 0.1)[0]:
        return "more came than was sent"
    return f"all {count} arrived in {reads} reads"


def serve(address, merged):
    with socket.socket(family(address), socket.SOCK_DGRAM) as sock, socket.socket(family(address)) as listener:
        sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        sock.bind((address, 0))
        if merged:
            sock.setsockopt(socket.IPPROTO_UDP, UDP_GRO, 1)
        listener.bind((address, 0))
        listener.listen(1)
        listener.settimeout(60)
        print("listening", listener.getsockname()[1])
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(60)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            flows, sends, datagrams, size = PLAN.unpack(receive(connection, PLAN.size))
            connection.sendall(COUNT.pack(sock.getsockname()[1]))
            verdict = check(sock, connection, flows, sends, datagrams, size)
            # No count is as large: what follows is the verdict.
            connection.sendall(COUNT.pack(0xFFFFFFFF) + verdict.encode())


def call(address, port, flows, sends, datagrams, size):
    with socket.create_connection((address, port), timeout=60) as connection:
        connection.sendall(PLAN.pack(flows, sends, datagrams, size))
        server = (address, COUNT.unpack(receive(connection, COUNT.size))[0])
        senders = []
        for _ in range(flows):
            sender = socket.socket(family(address), socket.SOCK_DGRAM)
            sender.connect(server)
            if datagrams > 1:
                sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, size)
            senders.append(sender)
        window = max(4 * datagrams, 64)
        sent, arrived = 0, 0
        for number in range(sends):
            for flow, sender in enumerate(senders):
                while sent + datagrams - arrived > window:
                    arrived = COUNT.unpack(receive(connection, COUNT.size))[0]
                    if arrived == 0xFFFFFFFF:
                        sys.exit(connection.makefile().read())
                first = number * datagrams
                train = b"".join(datagram(flow, first + i, datagrams, size) for i in range(datagrams))
                sender.send(train)
                sent += datagrams
        while arrived != 0xFFFFFFFF:
            arrived = COUNT.unpack(receive(connection, COUNT.size))[0]
        print(connection.makefile().read())


if sys.argv[1] == "serve":
    serve(sys.argv[2], sys.argv[3] == "merged")
else:
    call(sys.argv[2], *map(int, sys.argv[3:8]))
