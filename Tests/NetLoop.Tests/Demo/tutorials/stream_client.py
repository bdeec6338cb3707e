"""The second tutorial's client in Python 3: connect, send a text, close."""

import socket
import sys

port, text = int(sys.argv[1]), sys.argv[2]
with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
    client.settimeout(10)
    client.connect(("127.0.0.1", port))
    client.sendall(text.encode())
