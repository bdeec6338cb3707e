"""The first tutorial's client in Python 3: connect, send, print the answer."""

import socket
import sys

host, port, text = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
    client.settimeout(10)
    client.connect((host, port))
    client.send(text.encode())
    print(client.recv(4096).decode(), flush=True)
