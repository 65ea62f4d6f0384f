"""UDP datagrams with every ECN codepoint, for tunnels to carry; each says in its payload what was sent.

trafficclass.py receive PORT ADDRESS4 ADDRESS6
    Prints "ready", and for each datagram its payload and the traffic class that it arrived with, as "4 outer 3 inner 2 got 3".
trafficclass.py send PORT ADDRESS DSCP...
    Sends one datagram for each codepoint and DSCP (an octet).
trafficclass.py tunnel vxlan|gre ID LOCAL REMOTE SOURCE-MAC DESTINATION-MAC PORT SOURCE4 DESTINATION4 SOURCE6 DESTINATION6
    Sends tunnel packets of its own making: each codepoint inside each, IPv4 and IPv6 inside, with another DSCP inside and outside.
"""
import socket
import struct
import sys

IP_RECVTOS, GRE, UDP, VXLAN_PORT, INNER_DSCP, OUTER_DSCP = 13, 47, 17, 4789, 0x28, 0xB8


def v6(address):
    return ":" in address


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def bound(address, port):
    udp = socket.socket(socket.AF_INET6 if v6(address) else socket.AF_INET, socket.SOCK_DGRAM)
    if v6(address):
        udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVTCLASS, 1)
    else:
        udp.setsockopt(socket.IPPROTO_IP, IP_RECVTOS, 1)
    udp.bind((address, port))
    return udp


def receive(port, addresses):
    import select
    sockets = [bound(address, port) for address in addresses]
    print("ready", flush=True)
    while True:
        for udp in select.select(sockets, [], [])[0]:
            payload, control, _, _ = udp.recvmsg(100, 100)
            print(payload.decode(), "got", control[0][2][0], flush=True)


def set_class(sock, family, value):
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, value)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, value)


def send(port, address, dscps):
    family = socket.AF_INET6 if v6(address) else socket.AF_INET
    udp = socket.socket(family, socket.SOCK_DGRAM)
    for dscp in dscps:
        for ecn in range(4):
            set_class(udp, family, dscp | ecn)
            udp.sendto(b"%d sent %d" % (6 if v6(address) else 4, dscp | ecn), (address, port))


def packet(source, destination, port, tos, payload):
    pack = socket.inet_pton
    family = socket.AF_INET6 if v6(source) else socket.AF_INET
    ends = pack(family, source) + pack(family, destination)
    length = 8 + len(payload)
    pseudo = ends + struct.pack("!IHBB", length, 0, 0, UDP)
    udp = struct.pack("!HHHH", 40000, port, length, 0) + payload
    udp = udp[:6] + struct.pack("!H", checksum(pseudo + udp)) + udp[8:]
    if v6(source):
        return struct.pack("!IHBB", 6 << 28 | tos << 20, length, UDP, 64) + ends + udp
    header = struct.pack("!BBHHHBBH", 0x45, tos, 20 + length, 0, 0, 64, UDP, 0) + ends
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + udp


def tunnel(kind, key, local, remote, source_mac, destination_mac, port, pairs):
    family = socket.AF_INET6 if v6(local) else socket.AF_INET
    if kind == "vxlan":
        sock = socket.socket(family, socket.SOCK_DGRAM)
        head, to = struct.pack("!II", 0x08000000, key << 8), (remote, VXLAN_PORT)
    else:
        sock = socket.socket(family, socket.SOCK_RAW, GRE)
        head, to = struct.pack("!HHI", 0x2000, 0x6558, key), (remote, 0)
    sock.bind((local, 0))
    macs = bytes.fromhex((destination_mac + source_mac).replace(":", ""))
    for source, destination in pairs:
        for outer in range(4):
            set_class(sock, family, OUTER_DSCP | outer)
            for inner in range(4):
                payload = b"%d outer %d inner %d" % (6 if v6(source) else 4, outer, inner)
                ether_type = b"\x86\xdd" if v6(source) else b"\x08\x00"
                inside = packet(source, destination, port, INNER_DSCP | inner, payload)
                sock.sendto(head + macs + ether_type + inside, to)


words = sys.argv[2:]
if sys.argv[1] == "receive":
    receive(int(words[0]), words[1:])
elif sys.argv[1] == "send":
    send(int(words[0]), words[1], [int(word, 0) for word in words[2:]])
else:
    tunnel(words[0], int(words[1]), *words[2:6], int(words[6]), [words[7:9], words[9:11]])
