#!/usr/bin/env python3
"""A NetLoop client over WebSocket in Python 3.8 or later. It needs only the standard library.

Written from RFC 6455, and from section 2 of the wire protocol (Engine/PROTOCOL.md): each binary message is one body.

    python3 netloop_websocket.py ws://127.0.0.1:7780 --moves 1000 --divide 7 2 --say hello
"""

import base64
import hashlib
import os
import struct
import sys
import time

from netloop_client import MAX_BODY_BYTES, CommandLine, ProtocolError, Stream, split_url

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
FINAL, RESERVED, MASKED = 0x80, 0x70, 0x80
MAX_CONTROL_BYTES = 125
MAX_HEAD_BYTES = 8 * 1024
MAX_FRAGMENTS = 1024

NORMAL, PROTOCOL_ERROR, UNSUPPORTED_DATA, POLICY_VIOLATION, TOO_BIG = 1000, 1002, 1003, 1008, 1009


class WebSocketLink:
    """Bodies over WebSocket, also encrypted."""

    URLS = "ws://HOST[:PORT][/PATH] or wss://HOST[:PORT][/PATH]"

    def __init__(self, url, timeout=10.0, trust=None):
        """`trust` is the `ssl.SSLContext` of wss://; None trusts the authorities of the system."""
        address = split_url(url, {"ws": 80, "wss": 443}, self.URLS)
        self._timeout = timeout
        self._stream = Stream.connect(address.hostname, address.port, timeout, address.scheme == "wss", trust)
        try:
            self._upgrade(address, time.monotonic() + timeout)
        except BaseException:
            self._stream.close()
            raise

    def send(self, body):
        self._send_frame(BINARY, body)

    def receive(self, deadline):
        """Returns the next message. Pings are answered, and fragments are put together."""
        message = None
        fragments = 0
        while True:
            opcode, final, length = self._receive_header(deadline)
            if opcode >= CLOSE:
                self._handle_control(opcode, self._stream.receive(length, deadline))
                continue
            if opcode == TEXT:
                raise self._fail(UNSUPPORTED_DATA, "a text message")
            if (opcode == CONTINUATION) != (message is not None):
                raise self._fail(PROTOCOL_ERROR, "a fragment at the wrong place")
            message = message or bytearray()
            fragments += 1
            if len(message) + length > MAX_BODY_BYTES:
                raise self._fail(TOO_BIG, f"a message of more than {MAX_BODY_BYTES} bytes")
            if fragments > MAX_FRAGMENTS:
                raise self._fail(POLICY_VIOLATION, f"a message in more than {MAX_FRAGMENTS} fragments")
            message += self._stream.receive(length, deadline)
            if final:
                return bytes(message)

    def close(self):
        """Sends a close frame and waits a moment for that of the server."""
        deadline = time.monotonic() + min(self._timeout, 1.0)
        try:
            self._send_frame(CLOSE, struct.pack(">H", NORMAL))
            while True:
                opcode, _, length = self._receive_header(deadline)
                self._stream.receive(length, deadline)
                if opcode == CLOSE:
                    break
        except (OSError, ProtocolError):
            pass  # The server was faster, or does not answer in time.
        finally:
            self._stream.close()

    def _upgrade(self, address, deadline):
        key = base64.b64encode(os.urandom(16)).decode()
        host = f"[{address.hostname}]" if ":" in address.hostname else address.hostname
        target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        lines = [
            f"GET {target} HTTP/1.1",
            f"Host: {host}:{address.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        ]
        self._stream.send("\r\n".join([*lines, "", ""]).encode())
        status, headers = self._receive_response(deadline)
        if status[1] != "101":
            raise ProtocolError(f"the server rejected the upgrade: {' '.join(status[1:])}")
        accept = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()
        upgrades = [name.strip().lower() for name in headers.get("connection", "").split(",")]
        if headers.get("upgrade", "").lower() != "websocket" or "upgrade" not in upgrades or headers.get("sec-websocket-accept") != accept:
            raise ProtocolError("the response to the upgrade does not belong to the request")
        if "sec-websocket-extensions" in headers or "sec-websocket-protocol" in headers:
            raise ProtocolError("the server chose an extension or a subprotocol that was not offered")

    def _receive_response(self, deadline):
        """Returns the words of the status line, and the headers by their lower-case names."""
        if self._stream.receive(5, deadline) != b"HTTP/":
            raise ProtocolError("the server does not speak HTTP")
        head = self._stream.receive_until(b"\r\n\r\n", MAX_HEAD_BYTES, deadline).decode("latin-1")
        first, *rest = head.rstrip("\r\n").split("\r\n")
        status = first.split(" ", 2)
        headers = {}
        for line in rest:
            name, colon, value = line.partition(":")
            if not colon:
                raise ProtocolError("the response to the upgrade has a malformed header")
            values = [headers[name.lower()]] if name.lower() in headers else []
            headers[name.lower()] = ", ".join([*values, value.strip(" \t")])
        if len(status) < 2:
            raise ProtocolError("the response to the upgrade has no status")
        return status, headers

    def _receive_header(self, deadline):
        """Returns opcode, whether the frame is the last of its message, and its length. Nothing of the content has been read."""
        first, second = self._stream.receive(2, deadline)
        opcode, final, length = first & 0x0F, bool(first & FINAL), second & 0x7F
        if first & RESERVED or second & MASKED or opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
            raise self._fail(PROTOCOL_ERROR, "a malformed frame")
        if opcode >= CLOSE and (not final or length > MAX_CONTROL_BYTES):
            raise self._fail(PROTOCOL_ERROR, "a control frame that is cut or too long")
        if length == 126:
            (length,) = struct.unpack(">H", self._stream.receive(2, deadline))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._stream.receive(8, deadline))
        return opcode, final, length

    def _handle_control(self, opcode, content):
        if opcode == PING:
            self._send_frame(PONG, content)
        if opcode == CLOSE:
            self._send_frame(CLOSE, content[:2])
            code = f", code {struct.unpack('>H', content[:2])[0]}" if len(content) >= 2 else ""
            raise ProtocolError(f"the server closed the connection{code}")

    def _send_frame(self, opcode, content):
        length = len(content)
        if length < 126:
            header = struct.pack(">BB", FINAL | opcode, MASKED | length)
        elif length < 1 << 16:
            header = struct.pack(">BBH", FINAL | opcode, MASKED | 126, length)
        else:
            header = struct.pack(">BBQ", FINAL | opcode, MASKED | 127, length)
        key = os.urandom(4)  # New for each frame and not to be guessed: RFC 6455, section 5.3.
        self._stream.send(header + key + _mask(content, key))

    def _fail(self, code, what):
        """Tells the server why, and returns the error to raise."""
        try:
            self._send_frame(CLOSE, struct.pack(">H", code))
        except OSError:
            pass  # It has gone; the error says more.
        return ProtocolError(f"the server sent {what}")


def _mask(content, key):
    count = len(content)
    pattern = (key * (count // 4 + 1))[:count]
    return (int.from_bytes(content, "little") ^ int.from_bytes(pattern, "little")).to_bytes(count, "little")


def main():
    command_line = CommandLine("Plays over WebSocket against 'netloop server' or 'netloop demo'.", WebSocketLink.URLS)
    command_line.add_stream_options()
    return command_line.run(lambda arguments: WebSocketLink(arguments.url, trust=arguments.trust))


if __name__ == "__main__":
    sys.exit(main())
