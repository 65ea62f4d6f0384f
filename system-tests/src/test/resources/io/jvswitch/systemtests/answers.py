"""answers.py DEVICE HEX...: sends whole Ethernet frames through a device and says of each, by 1 or 0, whether an ARP reply or a
neighbour advertisement came back to its source."""
import select
import socket
import sys
import time


def is_answer(frame, asker):
    at = 12
    while frame[at:at + 2] in (b"\x81\x00", b"\x88\xa8"):
        at += 4
    arp = frame[at:at + 2] == b"\x08\x06" and frame[at + 9] == 2
    advertisement = frame[at:at + 2] == b"\x86\xdd" and frame[at + 8] == 58 and frame[at + 42] == 136
    return frame[:6] == asker and (arp or advertisement)


said = ""
with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3)) as link:
    link.bind((sys.argv[1], 0))
    for text in sys.argv[2:]:
        frame = bytes.fromhex(text)
        while select.select([link], [], [], 0)[0]:
            link.recv(2048)
        link.send(frame)
        answer = False
        end = time.monotonic() + 0.5
        while not answer and time.monotonic() < end:
            if select.select([link], [], [], end - time.monotonic())[0]:
                answer = is_answer(link.recv(2048), frame[6:12])
        said += "1" if answer else "0"
print(said)
