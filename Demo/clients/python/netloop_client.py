#!/usr/bin/env python3
"""A NetLoop client in plain Python 3: sockets and the standard library, nothing else.

Written from the wire protocol (Engine/PROTOCOL.md) alone, to show that any language with a socket is a client. Use it as a module
(`Connection`) or as a program:

    python3 netloop_client.py tcp://127.0.0.1:7777 --moves 1000 --divide 7 2 --say hello
"""

import argparse
import socket
import struct
import sys
import time

PROTOCOL_VERSION = 1
MAX_FRAME_BYTES = 64 * 1024

MESSAGE, REQUEST, RESPONSE = 2, 0, 1
HELLO, PING, GOODBYE = 1, 2, 3
PLAYER_MOVE, DIVIDE, SAY, BLOB = 100, 101, 102, 103


class ProtocolError(Exception):
    """The peer sent something the protocol does not allow, or closed the connection."""


class RequestError(Exception):
    """The peer answered a request with an error."""

    def __init__(self, code, text):
        super().__init__(f"error {code}: {text}")
        self.code = code
        self.text = text


# MessagePack. Writers use the shortest form; readers accept every form.


def pack(value):
    """Encodes None, bool, int, float, str, bytes, list and dict as MessagePack."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return _pack_int(value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xCB, value)
    if isinstance(value, str):
        data = value.encode()
        head = bytes([0xA0 | len(data)]) if len(data) < 32 else _pack_length(len(data), 0xD9, 0xDA, 0xDB)
        return head + data
    if isinstance(value, (bytes, bytearray)):
        return _pack_length(len(value), 0xC4, 0xC5, 0xC6) + bytes(value)
    if isinstance(value, (list, tuple)):
        head = bytes([0x90 | len(value)]) if len(value) < 16 else _pack_length(len(value), None, 0xDC, 0xDD)
        return head + b"".join(pack(item) for item in value)
    if isinstance(value, dict):
        head = bytes([0x80 | len(value)]) if len(value) < 16 else _pack_length(len(value), None, 0xDE, 0xDF)
        return head + b"".join(pack(key) + pack(item) for key, item in value.items())
    raise TypeError(f"{type(value).__name__} has no MessagePack form here")


def _pack_int(value):
    if 0 <= value < 0x80 or -32 <= value < 0:
        return struct.pack(">B", value & 0xFF)
    forms = (
        [("B", 0xCC, 1 << 8), ("H", 0xCD, 1 << 16), ("I", 0xCE, 1 << 32), ("Q", 0xCF, 1 << 64)]
        if value > 0
        else [("b", 0xD0, 1 << 7), ("h", 0xD1, 1 << 15), ("i", 0xD2, 1 << 31), ("q", 0xD3, 1 << 63)]
    )
    for form, head, limit in forms:
        if value < limit and -value <= limit:
            return struct.pack(">B" + form, head, value)
    raise OverflowError(f"{value} needs more than 64 bits")


def _pack_length(length, head8, head16, head32):
    if head8 is not None and length < 1 << 8:
        return struct.pack(">BB", head8, length)
    if length < 1 << 16:
        return struct.pack(">BH", head16, length)
    return struct.pack(">BI", head32, length)


def unpack(data):
    """Decodes exactly one MessagePack value; bytes behind it are an error."""
    reader = _Reader(data)
    value = reader.value()
    if reader.offset != len(data):
        raise ProtocolError("bytes behind the MessagePack value")
    return value


class _Reader:
    NUMBERS = {
        0xCA: ">f", 0xCB: ">d",
        0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
        0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
    }
    LENGTHS = {1: ">B", 2: ">H", 4: ">I"}

    def __init__(self, data):
        self.data = data
        self.offset = 0

    def take(self, count):
        end = self.offset + count
        if end > len(self.data):
            raise ProtocolError("MessagePack value is cut off")
        taken = self.data[self.offset : end]
        self.offset = end
        return taken

    def number(self, form):
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def length(self, width):
        return self.number(self.LENGTHS[width])

    def value(self):
        head = self.number(">B")
        if head < 0x80:
            return head
        if head < 0x90:
            return self.map(head & 0x0F)
        if head < 0xA0:
            return self.array(head & 0x0F)
        if head < 0xC0:
            return self.text(head & 0x1F)
        if head >= 0xE0:
            return head - 0x100
        if head in self.NUMBERS:
            return self.number(self.NUMBERS[head])
        if head in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[head]
        if head in (0xC4, 0xC5, 0xC6):
            return self.take(self.length(1 << (head - 0xC4)))
        if head in (0xC7, 0xC8, 0xC9):
            return self.extension(self.length(1 << (head - 0xC7)))
        if 0xD4 <= head <= 0xD8:
            return self.extension(1 << (head - 0xD4))
        if head in (0xD9, 0xDA, 0xDB):
            return self.text(self.length(1 << (head - 0xD9)))
        if head in (0xDC, 0xDD):
            return self.array(self.length(2 << (head - 0xDC)))
        if head in (0xDE, 0xDF):
            return self.map(self.length(2 << (head - 0xDE)))
        raise ProtocolError(f"0x{head:02x} begins no MessagePack value")

    def text(self, count):
        try:
            return self.take(count).decode()
        except UnicodeDecodeError as error:
            raise ProtocolError("a string is not UTF-8") from error

    def array(self, count):
        return [self.value() for _ in range(count)]

    def map(self, count):
        return {self.value(): self.value() for _ in range(count)}

    def extension(self, count):
        return (self.number(">b"), self.take(count))


class Connection:
    """One connection and its session. Not thread-safe; every wait ends after `timeout` seconds.

    `token` is bytes for the server's authenticator, and `fingerprint` the hash of the contracts that this client was written for: the server
    rejects a session with other contracts. None and 0 say nothing.
    """

    def __init__(self, url, hello=True, timeout=10.0, token=None, fingerprint=0):
        self._socket = _connect(url, timeout)
        self._timeout = timeout
        self._received = bytearray()
        self._next_request = 0
        self._messages = []
        self.session_id = None
        if hello:
            answer = self.request(HELLO, [PROTOCOL_VERSION, fingerprint, token, None])
            # Later versions may have more.
            self.session_id, self.tick_rate, self.tick, self.resume_token, self.max_frame_bytes = answer[:5]

    def send(self, message_type, payload):
        """Sends a message; nothing comes back unless the server chooses to."""
        self._send_body([MESSAGE, message_type, payload])

    def request(self, message_type, payload):
        """Sends a request and waits for its result. Messages that arrive meanwhile are kept for `receive`."""
        request_id = self._next_request
        self._next_request += 1
        self._send_body([REQUEST, request_id, message_type, payload])
        deadline = time.monotonic() + self._timeout
        while True:
            body = self._receive_body(deadline)
            if body[0] == RESPONSE and body[1] == request_id:
                if body[2] is not None:
                    raise RequestError(*body[2])
                return body[3]
            self._handle(body)

    def ping(self):
        """Returns the round trip in seconds."""
        sent = time.monotonic_ns()
        echoed = self.request(PING, [sent])[0]
        if echoed != sent:
            raise ProtocolError("a Ping came back with another time")
        return (time.monotonic_ns() - sent) / 1e9

    def receive(self, message_type):
        """Waits for the next message of one type and returns its payload; other types are dropped."""
        deadline = time.monotonic() + self._timeout
        while True:
            while self._messages:
                kind, payload = self._messages.pop(0)
                if kind == message_type:
                    return payload
            self._handle(self._receive_body(deadline))

    def close(self):
        """Says Goodbye and closes."""
        try:
            self.send(GOODBYE, [0, "done"])
        finally:
            self._socket.close()

    def _handle(self, body):
        if body[0] == MESSAGE and body[1] == GOODBYE:
            reason, text = body[2]
            raise ProtocolError(f"the server said Goodbye, reason {reason}: {text}")
        if body[0] == MESSAGE:
            self._messages.append((body[1], body[2]))
        elif body[0] == REQUEST and body[2] == PING:
            now = time.monotonic_ns()
            self._send_body([RESPONSE, body[1], None, [body[3][0], 0, now]])
        elif body[0] == REQUEST:
            self._send_body([RESPONSE, body[1], [1, "this client handles no requests but Ping"], None])

    def _send_body(self, body):
        data = pack(body)
        self._socket.settimeout(self._timeout)
        self._socket.sendall(struct.pack(">I", len(data)) + data)

    def _receive_body(self, deadline):
        (length,) = struct.unpack(">I", self._receive_exactly(4, deadline))
        if not 1 <= length <= MAX_FRAME_BYTES:
            raise ProtocolError(f"a frame of {length} bytes was announced")
        body = unpack(self._receive_exactly(length, deadline))
        shapes = {MESSAGE: 3, REQUEST: 4, RESPONSE: 4}
        if not isinstance(body, list) or not body or shapes.get(body[0]) != len(body):
            raise ProtocolError("a body is not one of the three shapes")
        return body

    def _receive_exactly(self, count, deadline):
        while len(self._received) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ProtocolError(f"nothing arrived for {self._timeout:g} seconds")
            self._socket.settimeout(left)
            try:
                chunk = self._socket.recv(64 * 1024)
            except socket.timeout:
                continue
            if not chunk:
                raise ProtocolError("the server closed the connection")
            self._received += chunk
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken


def _connect(url, timeout):
    scheme, _, address = url.partition("://")
    if scheme == "unix" and address:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        connection.connect(address)
        return connection
    host, _, port = address.rpartition(":")
    if scheme != "tcp" or not host or not port.isdecimal():
        raise ValueError(f"'{url}' is not an address; write tcp://HOST:PORT or unix://PATH")
    connection = socket.create_connection((host.strip("[]"), int(port)), timeout)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def play(connection, moves, divide, say):
    """Plays what was asked and checks every answer; returns how many were wrong."""
    wrong = 0
    if moves:
        started = time.monotonic()
        window = 64
        for sequence in range(moves + window):
            if sequence < moves:
                connection.send(PLAYER_MOVE, _move(sequence))
            if sequence >= window:
                wrong += connection.receive(PLAYER_MOVE) != _move(sequence - window)
        elapsed = time.monotonic() - started
        print(f"moves: {moves} sent, {moves - wrong} came back as they were sent, {moves / elapsed:.0f} a second")
    if divide:
        value, by = divide
        try:
            (quotient,) = connection.request(DIVIDE, [value, by])
            print(f"divide: {value:g} / {by:g} = {quotient:g}")
            wrong += by == 0 or quotient != value / by
        except RequestError as error:
            print(f"divide: {value:g} / {by:g} is {error}")
            wrong += by != 0 or error.code != 1000
    if say is not None:
        connection.send(SAY, [say])
        heard = connection.receive(SAY)
        while heard != [say]:
            heard = connection.receive(SAY)
        print(f"say: heard {say!r}")
    return wrong


def _move(sequence):
    # Quarters have an exact form in 32 bits and in 64, so what comes back can be compared without a tolerance.
    return [sequence, sequence * 0.25, 0.0, -sequence * 0.5, 1.5, sequence % 8]


def _fingerprint(text):
    try:
        value = int(text, 16)
    except ValueError:
        value = -1
    if not 0 <= value < 1 << 64:
        raise argparse.ArgumentTypeError(f"'{text}' is not a hexadecimal number of at most 64 bits")
    return value


def main():
    parser = argparse.ArgumentParser(description="Plays against 'netloop server' or 'netloop echo'.")
    parser.add_argument("url", help="tcp://HOST:PORT or unix://PATH")
    parser.add_argument("--hello", choices=["required", "none"], default="required", help="none: the listener was opened without Hello")
    parser.add_argument("--token", type=str.encode, metavar="TEXT", help="for the server's authenticator, as UTF-8")
    parser.add_argument(
        "--fingerprint", type=_fingerprint, default=0, metavar="HEX", help="of the contracts, as 'netloop contracts check' prints it; 0: not known"
    )
    parser.add_argument("--moves", type=int, default=0, metavar="N", help="send N PlayerMove messages and compare what comes back")
    parser.add_argument("--divide", type=float, nargs=2, metavar=("VALUE", "BY"), help="ask the server to divide")
    parser.add_argument("--say", metavar="TEXT", help="say something to everybody, and hear it")
    arguments = parser.parse_args()
    try:
        connection = Connection(
            arguments.url, hello=arguments.hello == "required", token=arguments.token, fingerprint=arguments.fingerprint
        )
    except ValueError as error:
        parser.error(str(error))
    except (OSError, ProtocolError, RequestError) as error:
        print(f"cannot open a session with {arguments.url}: {error}", file=sys.stderr)
        return 1
    try:
        if connection.session_id is not None:
            print(f"session {connection.session_id} at {connection.tick_rate} ticks a second, ping {connection.ping() * 1000:.2f} ms")
        wrong = play(connection, arguments.moves, arguments.divide, arguments.say)
        connection.close()
    except (OSError, ProtocolError) as error:
        print(f"lost: {error}", file=sys.stderr)
        return 1
    if wrong:
        print(f"wrong: {wrong} answers", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
