#!/usr/bin/env python3
"""A NetLoop client over TCP, TLS and Unix sockets in Python 3.8 or later. It needs only the standard library.

Written from the wire protocol (Engine/PROTOCOL.md) alone, to show that any language with a socket is a client. Use it as a module:

    session = Session(StreamLink("tcp://127.0.0.1:7777"))

or as a program:

    python3 netloop_client.py tcp://127.0.0.1:7777 --moves 1000 --divide 7 2 --say hello

netloop_websocket.py and netloop_udp.py beside it have links of other kinds for the same `Session`.
"""

import argparse
import socket
import ssl
import struct
import sys
import time
from typing import NamedTuple
from urllib.parse import urlsplit

PROTOCOL_VERSION = 1
MAX_BODY_BYTES = 64 * 1024

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


class Session:
    """A session over a link. Not thread-safe; every wait ends after `timeout` seconds.

    A link carries bodies: it has `send(body)`, `receive(deadline)` and `close()`. The session owns it, and closes it if it cannot open.
    `token` is bytes for the server's authenticator, and `fingerprint` the hash of the contracts that this client was written for: the server
    rejects a session with other contracts. None and 0 say nothing. After a ProtocolError or OSError the session can only be closed.
    """

    def __init__(self, link, hello=True, timeout=10.0, token=None, fingerprint=0):
        self._link = link
        self._timeout = timeout
        self._next_request = 0
        self._messages = []
        self.session_id = None
        if hello:
            try:
                answer = self.request(HELLO, [PROTOCOL_VERSION, fingerprint, token, None])
            except BaseException:
                link.close()
                raise
            # Later versions may have more.
            self.session_id, self.tick_rate, self.tick, self.resume_token, self.max_body_bytes = answer[:5]

    def send(self, message_type, payload):
        """Sends a message; nothing comes back unless the server chooses to."""
        self._link.send(pack([MESSAGE, message_type, payload]))

    def request(self, message_type, payload):
        """Sends a request and waits for its result. Messages that arrive meanwhile are kept for `receive`."""
        request_id = self._next_request
        self._next_request += 1
        self._link.send(pack([REQUEST, request_id, message_type, payload]))
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
            self._link.close()

    def _handle(self, body):
        if body[0] == MESSAGE and body[1] == GOODBYE:
            reason, text = body[2]
            raise ProtocolError(f"the server said Goodbye, reason {reason}: {text}")
        if body[0] == MESSAGE:
            self._messages.append((body[1], body[2]))
        elif body[0] == REQUEST and body[2] == PING:
            now = time.monotonic_ns()
            self._link.send(pack([RESPONSE, body[1], None, [body[3][0], 0, now]]))
        elif body[0] == REQUEST:
            self._link.send(pack([RESPONSE, body[1], [1, "this client handles no requests but Ping"], None]))

    def _receive_body(self, deadline):
        body = unpack(self._link.receive(deadline))
        shapes = {MESSAGE: 3, REQUEST: 4, RESPONSE: 4}
        if not isinstance(body, list) or not body or shapes.get(body[0]) != len(body):
            raise ProtocolError("a body is not one of the three shapes")
        return body


class StreamLink:
    """Bodies over TCP, TLS or a Unix socket: the length of each precedes it."""

    URLS = "tcp://HOST:PORT, tls://HOST:PORT or unix://PATH"

    def __init__(self, url, timeout=10.0, trust=None):
        """`trust` is the `ssl.SSLContext` of tls://; None trusts the authorities of the system."""
        scheme, _, path = url.partition("://")
        if scheme == "unix" and path:
            if trust is not None:
                raise ValueError("a certificate to trust belongs to tls://")
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(timeout)
            connection.connect(path)
            self._stream = Stream(connection, timeout)
        else:
            parts = split_url(url, {"tcp": None, "tls": None}, self.URLS)
            if parts.path or parts.query:
                raise ValueError(f"'{url}' is not an address; write {self.URLS}")
            self._stream = Stream.connect(parts.hostname, parts.port, timeout, parts.scheme == "tls", trust)

    def send(self, body):
        self._stream.send(struct.pack(">I", len(body)) + body)

    def receive(self, deadline):
        head = self._stream.receive(4, deadline)
        if head == b"HTTP":
            raise ProtocolError("the server answered in HTTP; write ws:// or wss:// (netloop_websocket.py)")
        (length,) = struct.unpack(">I", head)
        if not 1 <= length <= MAX_BODY_BYTES:
            raise ProtocolError(f"a frame of {length} bytes was announced")
        return self._stream.receive(length, deadline)

    def close(self):
        self._stream.close()


class Stream:
    """The bytes of one connected socket."""

    def __init__(self, connection, timeout):
        self._socket = connection
        self._timeout = timeout
        self._received = bytearray()

    @classmethod
    def connect(cls, host, port, timeout, encrypted, trust):
        """Connects over TCP, and with `encrypted` over TLS. The certificate must be valid for the host."""
        if trust is not None and not encrypted:
            raise ValueError("a certificate to trust belongs to an encrypted address")
        connection = socket.create_connection((host, port), timeout)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if encrypted:
                context = trust or ssl.create_default_context()
                connection = context.wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise
        return cls(connection, timeout)

    def send(self, data):
        self._socket.settimeout(self._timeout)
        self._socket.sendall(data)

    def receive(self, count, deadline):
        """Returns exactly `count` bytes."""
        if time.monotonic() >= deadline:
            raise ProtocolError("the server did not answer in time")
        while len(self._received) < count:
            self._receive_more(deadline)
        return self._take(count)

    def receive_until(self, end, limit, deadline):
        """Returns the bytes up to and with an end, which must come within `limit` bytes."""
        while (at := self._received.find(end, 0, limit)) < 0:
            if len(self._received) >= limit:
                raise ProtocolError(f"the first {limit} bytes have no end")
            self._receive_more(deadline)
        return self._take(at + len(end))

    def close(self):
        """Ends the stream. Closing with unread bytes would reset the connection, and the last bytes sent could be lost, so they are read."""
        deadline = time.monotonic() + min(self._timeout, 1.0)
        try:
            self._socket.settimeout(1.0)
            if isinstance(self._socket, ssl.SSLSocket):
                self._socket = self._socket.unwrap()
            self._socket.shutdown(socket.SHUT_WR)
            while True:
                self._received.clear()
                self._receive_more(deadline)
        except (OSError, ProtocolError):
            pass  # The other side was faster, or does not close in time.
        finally:
            self._socket.close()

    def _receive_more(self, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            raise ProtocolError("the server did not answer in time")
        self._socket.settimeout(left)
        try:
            chunk = self._socket.recv(64 * 1024)
        except socket.timeout:
            return
        if not chunk:
            raise ProtocolError("the server closed the connection")
        self._received += chunk

    def _take(self, count):
        taken = bytes(self._received[:count])
        del self._received[:count]
        return taken


def split_url(url, ports, forms):
    """Splits a URL. `ports` has the schemes and their default ports, and `forms` says in an error what to write."""
    try:
        parts = urlsplit(url)
        port = parts.port or ports[parts.scheme]
    except (ValueError, KeyError):
        port = None
    if not port or not parts.hostname or parts.username is not None or parts.fragment or not url.isascii() or " " in url:
        raise ValueError(f"'{url}' is not an address; write {forms}")
    return Address(parts.scheme, parts.hostname, port, parts.path, parts.query)


class Address(NamedTuple):
    """The parts of a URL."""

    scheme: str
    hostname: str
    port: int
    path: str
    query: str


def play(session, moves, divide, say):
    """Plays what was asked and checks every answer; returns how many were wrong."""
    wrong = 0
    if moves:
        started = time.monotonic()
        window = 64
        for sequence in range(moves + window):
            if sequence < moves:
                session.send(PLAYER_MOVE, _move(sequence))
            if sequence >= window:
                wrong += session.receive(PLAYER_MOVE) != _move(sequence - window)
        elapsed = time.monotonic() - started
        print(f"moves: {moves} sent, {moves - wrong} came back as they were sent, {moves / elapsed:.0f} a second")
    if divide:
        value, by = divide
        try:
            (quotient,) = session.request(DIVIDE, [value, by])
            print(f"divide: {value:g} / {by:g} = {quotient:g}")
            wrong += by == 0 or quotient != value / by
        except RequestError as error:
            print(f"divide: {value:g} / {by:g} is {error}")
            wrong += by != 0 or error.code != 1000
    if say is not None:
        session.send(SAY, [say])
        heard = session.receive(SAY)
        while heard != [say]:
            heard = session.receive(SAY)
        print(f"say: heard {say!r}")
    return wrong


def _move(sequence):
    # Quarters have an exact form in 32 bits and in 64, so what comes back can be compared without a tolerance.
    return [sequence, sequence * 0.25, 0.0, -sequence * 0.5, 1.5, sequence % 8]


class CommandLine(argparse.ArgumentParser):
    """The command line of a client. After a mistake it prints one line and ends with exit code 2."""

    def __init__(self, description, urls):
        super().__init__(description=description)
        self.add_argument("url", help=urls)
        self.add_argument("--token", type=str.encode, metavar="TEXT", help="for the server's authenticator, as UTF-8")
        self.add_argument(
            "--fingerprint", type=_fingerprint, default=0, metavar="HEX", help="of the contracts, as 'netloop contracts check' prints it; 0: not known"
        )
        self.add_argument("--moves", type=_count, default=0, metavar="N", help="send N PlayerMove messages and compare what comes back")
        self.add_argument("--divide", type=float, nargs=2, metavar=("VALUE", "BY"), help="ask the server to divide")
        self.add_argument("--say", metavar="TEXT", help="say something to everybody, and hear it")
        self.set_defaults(hello="required")

    def add_stream_options(self):
        """Adds the options of links that are a stream."""
        self.add_argument("--hello", choices=["required", "none"], help="none: the listener was opened without Hello")
        self.add_argument(
            "--trust", type=_trust, metavar="FILE", help="trust this certificate (PEM), for example that of 'netloop certificate', instead of the system's"
        )

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\n")

    def run(self, connect):
        """Reads the command line, opens a session over the link that `connect(arguments)` returns, and plays. Returns the exit code."""
        arguments = self.parse_args()
        try:
            link = connect(arguments)
            session = Session(link, arguments.hello == "required", token=arguments.token, fingerprint=arguments.fingerprint)
        except ssl.SSLCertVerificationError as error:
            print(f"cannot open a session with {arguments.url}: the certificate is not trusted: {error.verify_message}", file=sys.stderr)
            return 1
        except (OSError, ProtocolError, RequestError) as error:
            print(f"cannot open a session with {arguments.url}: {error}", file=sys.stderr)
            return 1
        except ValueError as error:
            self.error(str(error))
        try:
            if session.session_id is not None:
                print(f"session {session.session_id} at {session.tick_rate} ticks a second, ping {session.ping() * 1000:.2f} ms")
            wrong = play(session, arguments.moves, arguments.divide, arguments.say)
            session.close()
        except (OSError, ProtocolError) as error:
            print(f"lost: {error}", file=sys.stderr)
            return 1
        if wrong:
            print(f"wrong: {wrong} answers", file=sys.stderr)
        return 1 if wrong else 0


def _count(text):
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 0")
    return int(text)


def _fingerprint(text):
    try:
        value = int(text, 16)
    except ValueError:
        value = -1
    if not 0 <= value < 1 << 64:
        raise argparse.ArgumentTypeError(f"'{text}' is not a hexadecimal number of at most 64 bits")
    return value


def _trust(file):
    try:
        return ssl.create_default_context(cafile=file)
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{file}: {error.strerror or error}")


def main():
    command_line = CommandLine("Plays against 'netloop server' or 'netloop echo'.", StreamLink.URLS)
    command_line.add_stream_options()
    return command_line.run(lambda arguments: StreamLink(arguments.url, trust=arguments.trust))


if __name__ == "__main__":
    sys.exit(main())
