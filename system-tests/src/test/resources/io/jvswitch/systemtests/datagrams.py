"""datagrams.py SOURCE DESTINATION udp|PROTOCOL PORT HEX...: sends datagrams' payloads, for udp to PORT, else over raw IP."""
import socket
import sys

source, destination, protocol, port = sys.argv[1:5]
family = socket.AF_INET6 if ":" in source else socket.AF_INET
if protocol == "udp":
    sender = socket.socket(family, socket.SOCK_DGRAM)
else:
    sender = socket.socket(family, socket.SOCK_RAW, int(protocol))
sender.bind((source, 0))
for payload in sys.argv[5:]:
    sender.sendto(bytes.fromhex(payload), (destination, int(port)))
