"""bigtcp.py DEVICE BYTES

Lets a device's owner make superframes of so many bytes, and merge as many on receipt, over IPv4 and IPv6: what
'ip link set DEVICE gso_max_size BYTES gso_ipv4_max_size BYTES ...' does where iproute2 is new enough (6.3).
"""
import socket
import struct
import sys

RTM_NEWLINK, NLM_F_REQUEST, NLM_F_ACK, NLMSG_ERROR = 16, 1, 4, 2
IFLA_GSO_MAX_SIZE, IFLA_GRO_MAX_SIZE, IFLA_GSO_IPV4_MAX_SIZE, IFLA_GRO_IPV4_MAX_SIZE = 41, 58, 63, 64

device, size = sys.argv[1], int(sys.argv[2])
attributes = b"".join(
    struct.pack("=HHI", 8, kind, size)
    for kind in (IFLA_GSO_MAX_SIZE, IFLA_GRO_MAX_SIZE, IFLA_GSO_IPV4_MAX_SIZE, IFLA_GRO_IPV4_MAX_SIZE))
link = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, socket.if_nametoindex(device), 0, 0)
length = 16 + len(link) + len(attributes)
with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as netlink:
    netlink.send(struct.pack("=IHHII", length, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0) + link + attributes)
    answer = netlink.recv(4096)
kind, error = struct.unpack_from("=H", answer, 4)[0], struct.unpack_from("=i", answer, 16)[0]
if kind != NLMSG_ERROR or error != 0:
    sys.exit(f"{device}: gso_max_size {size} refused: {error}")
