"""lossy.py SEED LEFT RIGHT: a cable between two devices that loses one tunnel packet in a hundred and brings one in a hundred late.

As a congested router, it marks (CE) four more in a hundred, of those whose outer header says ECT(0) or ECT(1).

Prints "lost N late N marked N passed N" whenever it has nothing to do. Other frames (ARP, neighbour discovery) pass.
"""
import random
import select
import socket
import struct
import sys

ETH_P_ALL, PACKET_OUTGOING, SO_RCVBUFFORCE = 3, 4, 33
GRE, UDP = 47, 17
IDLE_SECONDS = 0.002


def is_tunnelled(frame):
    ether_type = struct.unpack_from("!H", frame, 12)[0]
    if ether_type == 0x0800:
        return frame[23] in (GRE, UDP)
    return ether_type == 0x86DD and frame[20] in (GRE, UDP)


def marked(frame):
    """The frame with CE in its outer header, or None where that is not ECN-capable."""
    ipv4 = struct.unpack_from("!H", frame, 12)[0] == 0x0800
    at, shift = (15, 0) if ipv4 else (15, 4)
    if frame[at] >> shift & 3 in (0, 3):
        return None
    copy = bytearray(frame)
    copy[at] |= 3 << shift
    if ipv4:
        copy[24:26] = b"\0\0"
        total = sum(struct.unpack_from("!10H", copy, 14))
        total = (total & 0xFFFF) + (total >> 16)
        copy[24:26] = struct.pack("!H", ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF)
    return bytes(copy)


class Direction:
    def __init__(self, seed, source, sink):
        self.random = random.Random(seed)
        self.source, self.sink = source, sink
        self.late = []
        self.lost, self.delayed, self.marked, self.passed = 0, 0, 0, 0

    def carry(self):
        """Everything that waits at the source."""
        while True:
            try:
                frame, address = self.source.recvfrom(1 << 16)
            except BlockingIOError:
                return
            if address[2] == PACKET_OUTGOING:
                continue
            if is_tunnelled(frame):
                lot = self.random.randrange(100)
                if lot == 0:
                    self.lost += 1
                    continue
                if lot == 1:
                    self.delayed += 1
                    self.late.append([self.random.randrange(1, 12), frame])
                    continue
                if lot < 6:
                    congested = marked(frame)
                    self.marked += congested is not None
                    frame = congested or frame
            self.sink.send(frame)
            self.passed += 1
            self.let_go(1)

    def let_go(self, frames):
        for entry in self.late:
            entry[0] -= frames
        for entry in [entry for entry in self.late if entry[0] <= 0]:
            self.late.remove(entry)
            self.sink.send(entry[1])
            self.passed += 1


def open_device(name):
    device = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    device.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
    device.bind((name, ETH_P_ALL))
    device.setblocking(False)
    return device


seed = int(sys.argv[1])
left, right = open_device(sys.argv[2]), open_device(sys.argv[3])
directions = {left: Direction(seed, left, right), right: Direction(seed + 1, right, left)}
print("relaying with seed", seed, flush=True)
told = None
while True:
    ready = select.select([left, right], [], [], IDLE_SECONDS)[0]
    for device in ready:
        directions[device].carry()
    if not ready:
        both = directions.values()
        for direction in both:
            direction.let_go(len(direction.late) * 12)
        counts = [sum(getattr(d, name) for d in both) for name in ("lost", "delayed", "marked", "passed")]
        if counts != told:
            print("lost %d late %d marked %d passed %d" % tuple(counts), flush=True)
            told = counts
