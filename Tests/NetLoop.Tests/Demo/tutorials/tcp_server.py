"""The first tutorial's server in Python 3: a thread for each client, one answer, close."""

import socket
import sys
import threading


def handle_client(client):
    with client:
        request = client.recv(1024)
        print(f"[*] Received: {request.decode()}", flush=True)
        client.send(b"ACK!")


def main():
    host, port = sys.argv[1], int(sys.argv[2])
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((host, port))
    server.listen(5)
    host, port = server.getsockname()
    print(f"[*] Listening on {host}:{port}", flush=True)
    while True:
        client, address = server.accept()
        print(f"[*] Accepted connection from: {address[0]}:{address[1]}", flush=True)
        threading.Thread(target=handle_client, args=(client,), daemon=True).start()


main()
