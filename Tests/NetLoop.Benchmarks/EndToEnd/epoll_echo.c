// epoll_echo - the reference server: sends every byte back, on one thread, with level-triggered epoll.
//
// usage: epoll_echo PORT [framed|spin]
//
//   PORT    a port of 127.0.0.1; 0 lets the system choose
//   framed  cut the stream into frames (u32 big-endian length, then the body) and copy each whole frame into one
//           batch, sent once per readable event: the least work that any framed protocol must do
//   spin    never sleep: poll with a timeout of 0
//
// Prints "listening on tcp 127.0.0.1:PORT" and runs until it is killed.
//
// A connection that cannot send is not read from until its backlog has left. So the backlog is at most one batch,
// and TCP's window slows the peer down.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    RECEIVE_BYTES = 64 * 1024,  // one receive
    MAX_FRAME_BYTES = 64 * 1024,
    LENGTH_BYTES = 4,
    MAX_EVENTS = 1024,
    BACKLOG = 4096,
};

// One client. The partial frame and the unsent bytes are allocated only while there are some: an idle connection is
// these 40 bytes.
struct connection {
    int socket;
    bool is_blocked;         // waits for room in the send buffer instead of input
    unsigned char *unsent;   // what the kernel did not take
    size_t unsent_bytes;
    unsigned char *partial;  // framed: the beginning of a frame
    size_t partial_bytes;
};

static int poller;

// A frame's beginning lies in front of what is received next.
static unsigned char input[MAX_FRAME_BYTES + RECEIVE_BYTES];
static unsigned char batch[MAX_FRAME_BYTES + RECEIVE_BYTES];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void *allocate(size_t bytes) {
    void *memory = calloc(1, bytes);
    if (!memory) {
        fail("calloc");
    }
    return memory;
}

static void watch(int operation, int socket, uint32_t events, struct connection *connection) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(poller, operation, socket, &event)) {
        fail("epoll_ctl");
    }
}

// Safe while events are being handled: each socket has at most one event in a batch of them.
static void destroy(struct connection *connection) {
    close(connection->socket);
    free(connection->unsent);
    free(connection->partial);
    free(connection);
}

static void set_blocked(struct connection *connection, bool is_blocked) {
    connection->is_blocked = is_blocked;
    watch(EPOLL_CTL_MOD, connection->socket, is_blocked ? EPOLLOUT : EPOLLIN, connection);
}

// Sends, and keeps what the kernel does not take. Returns false when the connection is gone.
static bool send_or_keep(struct connection *connection, const unsigned char *bytes, size_t length) {
    ssize_t sent = send(connection->socket, bytes, length, MSG_NOSIGNAL);
    if (sent < 0) {
        if (errno != EAGAIN) {
            return false;
        }
        sent = 0;
    }

    if ((size_t)sent < length) {
        connection->unsent_bytes = length - sent;
        connection->unsent = allocate(connection->unsent_bytes);
        memcpy(connection->unsent, bytes + sent, connection->unsent_bytes);
        set_blocked(connection, true);
    }
    return true;
}

// Sends more of the backlog; when all of it has left, the connection is read from again.
static bool send_unsent(struct connection *connection) {
    ssize_t sent = send(connection->socket, connection->unsent, connection->unsent_bytes, MSG_NOSIGNAL);
    if (sent < 0) {
        return errno == EAGAIN;
    }

    connection->unsent_bytes -= sent;
    if (connection->unsent_bytes > 0) {
        memmove(connection->unsent, connection->unsent + sent, connection->unsent_bytes);
        return true;
    }

    free(connection->unsent);
    connection->unsent = NULL;
    set_blocked(connection, false);
    return true;
}

static bool echo_bytes(struct connection *connection) {
    ssize_t received = recv(connection->socket, input, RECEIVE_BYTES, 0);
    if (received > 0) {
        return send_or_keep(connection, input, received);
    }
    return received < 0 && errno == EAGAIN;
}

static bool echo_frames(struct connection *connection) {
    ssize_t received = recv(connection->socket, input + connection->partial_bytes, RECEIVE_BYTES, 0);
    if (received <= 0) {
        return received < 0 && errno == EAGAIN;
    }

    if (connection->partial_bytes > 0) {
        memcpy(input, connection->partial, connection->partial_bytes);
    }

    size_t available = connection->partial_bytes + received, position = 0, batched = 0;
    while (available - position >= LENGTH_BYTES) {
        uint32_t length;
        memcpy(&length, input + position, LENGTH_BYTES);
        length = ntohl(length);
        if (length > MAX_FRAME_BYTES - LENGTH_BYTES) {
            return false;
        }

        size_t frame_bytes = LENGTH_BYTES + length;
        if (available - position < frame_bytes) {
            break;
        }

        memcpy(batch + batched, input + position, frame_bytes);
        batched += frame_bytes;
        position += frame_bytes;
    }

    connection->partial_bytes = available - position;
    if (connection->partial_bytes > 0) {
        if (!connection->partial) {
            connection->partial = allocate(MAX_FRAME_BYTES);
        }
        memcpy(connection->partial, input + position, connection->partial_bytes);
    }
    return batched == 0 || send_or_keep(connection, batch, batched);
}

static void accept_pending(int listener) {
    for (;;) {
        int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (socket < 0) {
            if (errno == EMFILE || errno == ENFILE) {
                fail("accept4");  // A measurement with fewer connections than asked for would be wrong.
            }
            return;
        }

        int on = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = allocate(sizeof *connection);
        connection->socket = socket;
        watch(EPOLL_CTL_ADD, socket, EPOLLIN, connection);
    }
}

static int listen_on(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, BACKLOG)) {
        fail("listen");
    }

    getsockname(listener, (struct sockaddr *)&address, &length);
    printf("listening on tcp 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

// Thousands of connections need more descriptors than the usual soft limit of 1,024.
static void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv) {
    const char *mode = argc > 2 ? argv[2] : "";
    bool is_framed = strcmp(mode, "framed") == 0, is_spinning = strcmp(mode, "spin") == 0;
    if (argc < 2 || argc > 3 || (argc == 3 && !is_framed && !is_spinning)) {
        fprintf(stderr, "usage: epoll_echo PORT [framed|spin]\n");
        return 2;
    }

    raise_descriptor_limit();
    poller = epoll_create1(0);
    int listener = listen_on(atoi(argv[1]));
    watch(EPOLL_CTL_ADD, listener, EPOLLIN, NULL);

    static struct epoll_event events[MAX_EVENTS];
    for (;;) {
        int count = epoll_wait(poller, events, MAX_EVENTS, is_spinning ? 0 : -1);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!connection) {
                accept_pending(listener);
                continue;
            }

            bool is_open = connection->is_blocked ? send_unsent(connection)
                : is_framed ? echo_frames(connection)
                : echo_bytes(connection);
            if (!is_open) {
                destroy(connection);
            }
        }
    }
}
