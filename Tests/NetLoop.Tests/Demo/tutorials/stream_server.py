"""The second tutorial's server in Python 3: one client, printed in chunks of 32 bytes until it closes."""

import socket
import sys

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
    server.bind(("127.0.0.1", int(sys.argv[1])))
    server.listen(1)
    print(f"Port {server.getsockname()[1]}", flush=True)
    print("Waiting for connection", flush=True)
    client, address = server.accept()
    with client:
        print(f"Connected to client IP: {address}", flush=True)
        while True:
            data = client.recv(32)
            if not data:
                break
            print(f"Received data: {data.decode()}", flush=True)
