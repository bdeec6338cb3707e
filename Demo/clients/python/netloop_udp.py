#!/usr/bin/env python3
"""A NetLoop client over UDP in Python 3. Needs the package `cryptography` for ChaCha20-Poly1305, and nothing else.

Written from the wire protocol alone (Engine/PROTOCOL.md, section 10, and netcode 1.02), to show that it is enough for another language.

    python3 netloop_udp.py udp://127.0.0.1:7777 --moves 1000 --divide 7 2 --say hello
"""

import socket
import struct
import sys
import time

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
except ModuleNotFoundError as error:
    if __name__ != "__main__" or error.name != "cryptography":
        raise
    print("netloop_udp.py needs the package 'cryptography'; install it with: pip install cryptography", file=sys.stderr)
    sys.exit(2)

from netloop_client import PROTOCOL_VERSION, CommandLine, ProtocolError, Session, StreamLink, split_url

CONNECT_TOKEN = 4
VERSION = b"NETCODE 1.02\0"
REQUEST, DENIED, CHALLENGE, RESPONSE, KEEP_ALIVE, PAYLOAD, DISCONNECT = range(7)

MAX_SEGMENT = 1100
RELIABLE_ORDERED = 0
FIRST, LAST = 0x40, 0x80
HAS_ACK = 1
PROBE = 8
REPEAT = 0.1
SEND_AGAIN = 0.2


class ConnectToken:
    """What a public connect token of netcode 1.02 says."""

    def __init__(self, data):
        if len(data) != 2048 or data[:13] != VERSION:
            raise ProtocolError("this is not a connect token of netcode 1.02")
        (self.protocol,) = struct.unpack_from("<Q", data, 13)
        # The first packet is the token's public beginning and its private part, without the time of its creation.
        self.request = bytes([REQUEST]) + VERSION + data[13:21] + data[29:37] + data[37:61] + data[61:1085]
        offset = 1085 + 4
        (count,) = struct.unpack_from("<I", data, offset)
        offset += 4
        self.servers = []
        for _ in range(count):
            if data[offset] == 1:
                host = ".".join(str(part) for part in data[offset + 1 : offset + 5])
                (port,) = struct.unpack_from("<H", data, offset + 5)
                self.servers.append((socket.AF_INET, host, port))
                offset += 7
            else:
                host = ":".join(f"{group:x}" for group in struct.unpack_from("<8H", data, offset + 1))
                (port,) = struct.unpack_from("<H", data, offset + 17)
                self.servers.append((socket.AF_INET6, host, port))
                offset += 19
        self.to_server = ChaCha20Poly1305(data[offset : offset + 32])
        self.to_client = ChaCha20Poly1305(data[offset + 32 : offset + 64])


class Netcode:
    """The encrypted packets of one connection. `receive` returns payloads."""

    def __init__(self, token, timeout):
        self._token = token
        self._sequence = 0
        self._seen = set()
        family, host, port = token.servers[0]
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.connect((host, port))
        self._connect(time.monotonic() + timeout)
        self.sent_at = time.monotonic()

    def _connect(self, deadline):
        packet = self._token.request
        response = None
        while True:
            self._socket.send(packet if response is None else self._seal(RESPONSE, response))
            until = time.monotonic() + REPEAT
            while time.monotonic() < until:
                kind, content = self._read(until - time.monotonic())
                if kind == DENIED:
                    raise ProtocolError("the server has no room")
                if kind == CHALLENGE:
                    response = response or content
                    break
                if kind in (KEEP_ALIVE, PAYLOAD) and response is not None:
                    return
            if time.monotonic() > deadline:
                raise ProtocolError("the server does not answer")

    def send(self, payload):
        self._socket.send(self._seal(PAYLOAD, payload))
        self.sent_at = time.monotonic()

    def keep_alive(self):
        self._socket.send(self._seal(KEEP_ALIVE, bytes(8)))
        self.sent_at = time.monotonic()

    def receive(self, timeout):
        """The next payload, or None when none comes in time."""
        kind, content = self._read(timeout)
        if kind == DISCONNECT:
            raise ProtocolError("the server closed the connection")
        return content if kind == PAYLOAD else None

    def close(self):
        for _ in range(10):
            self._socket.send(self._seal(DISCONNECT, b""))
        self._socket.close()

    def _seal(self, kind, content):
        sequence = self._sequence
        self._sequence += 1
        length = max(1, (sequence.bit_length() + 7) // 8)
        prefix = bytes([kind | length << 4])
        sealed = self._token.to_server.encrypt(_nonce(sequence), content, self._associated(prefix))
        return prefix + sequence.to_bytes(length, "little") + sealed

    def _read(self, timeout):
        self._socket.settimeout(max(timeout, 0.001))
        try:
            packet = self._socket.recv(4096)
        except (socket.timeout, ConnectionRefusedError):
            return None, None
        kind, length = packet[0] & 15, packet[0] >> 4
        if not 1 <= length <= 8 or kind == REQUEST:
            return None, None
        sequence = int.from_bytes(packet[1 : 1 + length], "little")
        if kind >= KEEP_ALIVE and sequence in self._seen:
            return None, None
        try:
            content = self._token.to_client.decrypt(_nonce(sequence), packet[1 + length :], self._associated(packet[:1]))
        except InvalidTag:
            return None, None
        self._seen.add(sequence)
        return kind, content

    def _associated(self, prefix):
        return VERSION + struct.pack("<Q", self._token.protocol) + prefix


class UdpLink:
    """Bodies over UDP. Everything it sends is reliable and ordered, on channel 0.

    `connect_token` has the bytes of a token that a service made; without it, the server is asked for one, with `token` for its authenticator.
    Not thread-safe, and it works only while one of its methods runs: between calls nothing keeps the connection alive.
    """

    URLS = "udp://HOST:PORT"

    def __init__(self, url, timeout=10.0, token=None, fingerprint=0, connect_token=None):
        address = split_url(url, {"udp": None}, self.URLS)
        self._timeout = timeout
        self._bodies = []
        if connect_token is None:
            connect_token = self._ask(address.hostname, address.port, timeout, token, fingerprint)
        self._netcode = Netcode(ConnectToken(connect_token), timeout)
        self._next_packet = 0
        self._next_segment = 0
        self._unacknowledged = {}  # segment number -> [bytes, numbers of the packets it went in, when it was sent]
        self._newest = -1
        self._received = set()
        self._ack_due = False
        self._expected = {}  # lane -> number of the next segment
        self._waiting = {}  # (lane, number) -> (flags, content)
        self._partial = {}  # lane -> the beginning of a body

    @staticmethod
    def _ask(host, port, timeout, token, fingerprint):
        """Asks the server for a connect token, over TCP on the same port."""
        address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0][4][0]
        endpoint = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        link = StreamLink(f"tcp://{endpoint}", timeout)
        try:
            asking = Session(link, hello=False, timeout=timeout)
            return asking.request(CONNECT_TOKEN, [PROTOCOL_VERSION, fingerprint, token, f"udp://{endpoint}"])[0]
        finally:
            link.close()

    def close(self):
        """Waits until everything sent has arrived, and disconnects."""
        deadline = time.monotonic() + self._timeout
        try:
            while self._unacknowledged and time.monotonic() < deadline:
                self._pump(0.05)
            self._netcode.close()
        except ProtocolError:
            pass  # The server was faster.

    def send(self, body):
        pieces = [body[at : at + MAX_SEGMENT] for at in range(0, len(body), MAX_SEGMENT)]
        for index, piece in enumerate(pieces):
            flags = (FIRST if index == 0 else 0) | (LAST if index == len(pieces) - 1 else 0)
            head = struct.pack("<BH", flags | RELIABLE_ORDERED << 4, self._next_segment & 0xFFFF) + _varint(len(piece))
            self._unacknowledged[self._next_segment] = [head + piece, [], 0.0]
            self._next_segment += 1
        self._flush()

    def receive(self, deadline):
        while not self._bodies:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ProtocolError("the server did not answer in time")
            self._pump(min(left, 0.05))
        return self._bodies.pop(0)

    def _pump(self, timeout):
        payload = self._netcode.receive(timeout)
        while payload is not None:
            self._handle_packet(payload)
            payload = self._netcode.receive(0)
        self._flush()

    def _flush(self):
        """Sends new segments, those that were not acknowledged in time, and an acknowledgement if one is due."""
        now = time.monotonic()
        for segment in self._unacknowledged.values():
            if now - segment[2] >= SEND_AGAIN:
                segment[1].append(self._next_packet)
                segment[2] = now
                self._send_packet(segment[0])
        if self._ack_due:
            self._send_packet(b"")
        if now - self._netcode.sent_at >= 0.25:
            self._netcode.keep_alive()

    def _send_packet(self, segments):
        number = struct.pack("<H", self._next_packet & 0xFFFF)
        self._next_packet += 1
        if self._newest < 0:
            self._netcode.send(b"\0" + number + segments)
            return
        bits = sum(1 << back for back in range(64) if self._newest - 1 - back in self._received)
        ack = struct.pack("<HBHQ", self._newest & 0xFFFF, 0, 512, bits)
        self._netcode.send(bytes([HAS_ACK]) + number + ack + segments)
        self._ack_due = False

    def _handle_packet(self, payload):
        flags, number = struct.unpack_from("<BH", payload)
        offset = 3
        if flags & HAS_ACK:
            words = (flags >> 1 & 3) + 1
            newest, _, _ = struct.unpack_from("<HBH", payload, offset)
            bits = int.from_bytes(payload[offset + 5 : offset + 5 + 8 * words], "little")
            offset += 5 + 8 * words
            self._acknowledge(_expand(newest, self._next_packet), bits)
        number = _expand(number, max(self._newest, 0))
        if offset < len(payload):
            self._ack_due = True
        if number in self._received:
            return
        self._received.add(number)
        self._newest = max(self._newest, number)
        if flags & PROBE:
            return  # It only tries whether a packet of its length arrives.
        while offset < len(payload):
            head, segment = struct.unpack_from("<BH", payload, offset)
            offset += 3
            length = shift = 0
            while True:
                byte = payload[offset]
                offset += 1
                length |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80:
                    break
            self._take(head, segment, payload[offset : offset + length])
            offset += length

    def _acknowledge(self, newest, bits):
        arrived = {newest} | {newest - 1 - back for back in range(256) if bits >> back & 1}
        for number in [number for number, segment in self._unacknowledged.items() if arrived.intersection(segment[1])]:
            del self._unacknowledged[number]

    def _take(self, head, number, content):
        lane = head & 0x3F
        if lane >> 4 > RELIABLE_ORDERED:
            if head & FIRST and head & LAST:
                self._bodies.append(content)  # This client takes every other delivery as it comes.
            return
        expected = self._expected.setdefault(lane, 0)
        number = _expand(number, expected)
        if number < expected:
            return
        self._waiting[lane, number] = (head, content)
        while (lane, expected) in self._waiting:
            head, content = self._waiting.pop((lane, expected))
            expected += 1
            body = (b"" if head & FIRST else self._partial.get(lane, b"")) + content
            if head & LAST:
                self._bodies.append(body)
            else:
                self._partial[lane] = body
        self._expected[lane] = expected


def _nonce(sequence):
    return bytes(4) + struct.pack("<Q", sequence)


def _varint(value):
    data = bytearray()
    while value >= 0x80:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)


def _expand(wire, near):
    """The number nearest to a known one whose low 16 bits are given."""
    return near + ((wire - near + 0x8000) & 0xFFFF) - 0x8000


def main():
    command_line = CommandLine("Plays over UDP against 'netloop server' or 'netloop echo'.", UdpLink.URLS)
    command_line.add_argument("--connect-token", metavar="FILE", help="a token that 'netloop token' made; without it, the server is asked for one")
    return command_line.run(_connect)


def _connect(arguments):
    connect_token = None
    if arguments.connect_token:
        try:
            with open(arguments.connect_token, "rb") as file:
                connect_token = file.read()
        except OSError as error:
            raise ValueError(f"--connect-token {arguments.connect_token}: {error.strerror}") from error
    return UdpLink(arguments.url, token=arguments.token, fingerprint=arguments.fingerprint, connect_token=connect_token)


if __name__ == "__main__":
    sys.exit(main())
