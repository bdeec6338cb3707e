// loadgen - loads a stream echo server over many connections, on one thread, and measures it.
//
// usage: loadgen -p PORT [options]; see the table of options in read_options.
//
// Closed loop (the default): each connection keeps W messages in flight; each one that comes back is followed by the
// next. Open loop (-r R): R messages a second are due at fixed moments, spread evenly over the connections, whether
// answers come or not; a round trip begins at the moment the message was due, so that a server that stands still is
// charged for all the messages that wait meanwhile.
//
// A message is one frame of S bytes: u32 big-endian length of the body, then the body.
//
//   without -b   S = 32     a PlayerMove as a MessagePack array of 28 bytes: uint32 sequence, 4 float32, uint8
//                S >= 64    an array of such moves and a padding
//                otherwise  (or where the padding does not fit) bytes that mean nothing
//   with -b      a body of Engine/PROTOCOL.md, section 1; the listener must be open without Hello
//                S = 35     [2, 100, PlayerMove]
//                S = 64..   [2, 103, [bin]]
//
// Each message has its number in three bytes of the body, so that no two in flight are equal and -v can compare
// everything that comes back with what was sent. Servers that copy bytes, cut frames, or decode and encode again all
// send the same bytes back.
//
// Prints one line of JSON. Exit code 0, 1 when bytes came back changed, 2 when it could not measure.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull

enum {
    LENGTH_BYTES = 4,
    MOVE_BYTES = 28,
    MAX_EVENTS = 1024,
    RECEIVE_BYTES = 256 * 1024,     // one receive
    MAX_SEND_BYTES = 1024 * 1024,   // one send, and at most 256 messages
    MAX_SEND_MESSAGES = 256,
    OPEN_LOOP_IN_FLIGHT = 4096,     // of one connection; what is due beyond that is not sent
    CONNECT_ATTEMPTS = 50,
};

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(2);
}

static void *allocate(size_t count, size_t bytes) {
    void *memory = calloc(count, bytes);
    if (!memory) {
        fail("no memory for %zu times %zu bytes", count, bytes);
    }
    return memory;
}

// ---- Options ------------------------------------------------------------------------------------------------------

static const char *host = "127.0.0.1", *tag = "";
static int port = 9000, connection_count = 1, in_flight = 1, frame_bytes = 32, server_process, idle_seconds;
static double seconds = 2, warm_up_seconds = 0.5, rate;
static bool verifies, sends_bodies, sends_one_before_idle;

static void read_options(int argc, char **argv) {
    int option;
    while ((option = getopt(argc, argv, "h:p:c:w:s:d:u:r:P:i:1vbt:")) != -1) {
        switch (option) {
            case 'h': host = optarg; break;                     // IPv4 address of the server
            case 'p': port = atoi(optarg); break;               // its port
            case 'c': connection_count = atoi(optarg); break;   // connections
            case 'w': in_flight = atoi(optarg); break;          // messages in flight of each (closed loop)
            case 's': frame_bytes = atoi(optarg); break;        // bytes of a message, its length included
            case 'd': seconds = atof(optarg); break;            // how long to measure
            case 'u': warm_up_seconds = atof(optarg); break;    // how long to load before that
            case 'r': rate = atof(optarg); break;               // messages a second in total (open loop)
            case 'P': server_process = atoi(optarg); break;     // process whose processor time is measured
            case 'i': idle_seconds = atoi(optarg); break;       // connect only, print "idle N" and wait so long
            case '1': sends_one_before_idle = true; break;      // with -i: one echo on each connection first
            case 'v': verifies = true; break;                   // compare every byte that comes back
            case 'b': sends_bodies = true; break;               // bodies of the wire protocol, see above
            case 't': tag = optarg; break;                      // copied into the report
            default:
                fail("usage: loadgen [-h ip] -p port -c connections -w in_flight -s bytes -d seconds -u warm_up_seconds "
                     "[-r messages/s] [-P server_pid] [-i idle_seconds [-1]] [-v] [-b] [-t tag]");
        }
    }

    if (frame_bytes < 16 || in_flight < 1 || connection_count < 1 || seconds > 600 || warm_up_seconds > 60) {
        fail("-s takes 16 and more, -w and -c 1 and more, -d up to 600, -u up to 60");
    }
    if (sends_bodies && frame_bytes != 35 && (frame_bytes < 64 || frame_bytes > 65000)) {
        fail("-b takes -s 35, or 64 to 65000");
    }
}

// ---- Clocks and processor time ------------------------------------------------------------------------------------

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

static double own_processor_seconds(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Seconds of processor time since a process or the machine started. Source: proc(5).
struct processor_times {
    double server_user, server_system;
    double busy[2], stolen[2];  // of core 0 and core 1; what the host of a virtual machine took away
};

static void read_server_times(struct processor_times *times, double ticks_per_second) {
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", server_process);
    FILE *file = server_process > 0 ? fopen(path, "r") : NULL;
    if (!file) {
        return;
    }

    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = 0;

    // The second field, the name in brackets, may contain anything: count from the last bracket.
    const char *rest = strrchr(text, ')');
    unsigned long user, system;
    if (rest && sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2) {
        times->server_user = (double)user / ticks_per_second;
        times->server_system = (double)system / ticks_per_second;
    }
}

static void read_core_times(struct processor_times *times, double ticks_per_second) {
    FILE *file = fopen("/proc/stat", "r");
    if (!file) {
        return;
    }

    char line[512];
    while (fgets(line, sizeof line, file)) {
        unsigned core;
        unsigned long user, nice, system, idle, wait, interrupts, soft_interrupts, stolen;
        int fields = sscanf(line, "cpu%u %lu %lu %lu %lu %lu %lu %lu %lu",
            &core, &user, &nice, &system, &idle, &wait, &interrupts, &soft_interrupts, &stolen);
        if (fields == 9 && core < 2) {
            times->busy[core] = (double)(user + nice + system + interrupts + soft_interrupts) / ticks_per_second;
            times->stolen[core] = (double)stolen / ticks_per_second;
        }
    }
    fclose(file);
}

static struct processor_times read_processor_times(void) {
    struct processor_times times = {0};
    double ticks_per_second = (double)sysconf(_SC_CLK_TCK);
    read_server_times(&times, ticks_per_second);
    read_core_times(&times, ticks_per_second);
    return times;
}

// ---- Histogram of round trips in nanoseconds ----------------------------------------------------------------------

// Exact up to 64 ns; above, each power of two is cut into 64 buckets, so a value is known to 1.6 %.
enum { BUCKET_BITS = 6, BUCKETS_PER_OCTAVE = 1 << BUCKET_BITS, BUCKETS = 64 * BUCKETS_PER_OCTAVE };

static uint64_t bucket_counts[BUCKETS], round_trips, longest;
static double round_trip_sum;

static unsigned bucket_of(uint64_t value) {
    if (value < BUCKETS_PER_OCTAVE) {
        return (unsigned)value;
    }
    unsigned exponent = 63 - (unsigned)__builtin_clzll(value);
    unsigned shift = exponent - BUCKET_BITS;
    return (shift + 1) * BUCKETS_PER_OCTAVE + (unsigned)(value >> shift) - BUCKETS_PER_OCTAVE;
}

static uint64_t middle_of(unsigned bucket) {
    if (bucket < BUCKETS_PER_OCTAVE) {
        return bucket;
    }
    unsigned shift = bucket / BUCKETS_PER_OCTAVE - 1;
    uint64_t lowest = (uint64_t)(BUCKETS_PER_OCTAVE + bucket % BUCKETS_PER_OCTAVE) << shift;
    return lowest + ((1ull << shift) >> 1);
}

static void record(uint64_t nanoseconds) {
    bucket_counts[bucket_of(nanoseconds)]++;
    round_trips++;
    round_trip_sum += (double)nanoseconds;
    if (nanoseconds > longest) {
        longest = nanoseconds;
    }
}

static void forget_round_trips(void) {
    memset(bucket_counts, 0, sizeof bucket_counts);
    round_trips = longest = 0;
    round_trip_sum = 0;
}

static double percentile_microseconds(double share) {
    uint64_t wanted = (uint64_t)((double)round_trips * share), counted = 0;
    for (unsigned bucket = 0; bucket < BUCKETS; bucket++) {
        counted += bucket_counts[bucket];
        if (counted > wanted) {
            uint64_t value = middle_of(bucket);
            return (double)(value < longest ? value : longest) / 1e3;
        }
    }
    return (double)longest / 1e3;
}

// ---- Messages -----------------------------------------------------------------------------------------------------

// All messages of a connection, one after the other, are one endless stream of bytes in which a position says which
// message and which byte of it. Every message is this frame with its own number.
static unsigned char *frame;
static int number_offset;  // of the low three bytes of the message's number, in the frame

static unsigned char *put(unsigned char *to, const void *bytes, size_t length) {
    memcpy(to, bytes, length);
    return to + length;
}

// The top byte of the sequence stays 0x7f: as a MessagePack integer it then has the same five bytes for every number.
static unsigned char *put_move(unsigned char *to) {
    static const unsigned char move[MOVE_BYTES] = {
        0x96,                          // array of 6
        0xce, 0x7f, 0x00, 0x00, 0x00,  // uint32: the sequence
        0xca, 0x42, 0xf6, 0xe9, 0x79,  // float32 123.456
        0xca, 0x41, 0x20, 0x00, 0x00,  // float32 10
        0xca, 0xc2, 0x48, 0x00, 0x00,  // float32 -50
        0xca, 0x3f, 0xc9, 0x0f, 0xdb,  // float32 pi / 2
        0xcc, 0x85,                    // uint8 133
    };
    return put(to, move, MOVE_BYTES);
}

enum { NUMBER_IN_MOVE = 3 };  // offset of the low three bytes of the sequence

// [2, type, ...]: a message of the wire protocol.
static void make_body(unsigned char *to) {
    if (frame_bytes == 35) {
        to = put(to, (unsigned char[]){0x93, 0x02, 100}, 3);
        number_offset = (int)(to - frame) + NUMBER_IN_MOVE;
        put_move(to);
        return;
    }

    int content = frame_bytes - LENGTH_BYTES - 7;
    to = put(to, (unsigned char[]){0x93, 0x02, 103, 0x91, 0xc5, (unsigned char)(content >> 8), (unsigned char)content}, 7);
    number_offset = (int)(to - frame) + 1;
    memset(to, 0x11, content);
}

// [[move, move, ...], padding], or false where the padding does not fit into a bin 8.
static bool make_moves(unsigned char *to) {
    int room = frame_bytes - LENGTH_BYTES - 1 - 3 - 2;  // less array of 2, array 16 with its count, bin 8 with its length
    int moves = room / MOVE_BYTES, padding = room % MOVE_BYTES;
    if (frame_bytes < 64 || moves > UINT16_MAX) {
        return false;
    }

    to = put(to, (unsigned char[]){0x92, 0xdc, (unsigned char)(moves >> 8), (unsigned char)moves}, 4);
    number_offset = (int)(to - frame) + NUMBER_IN_MOVE;
    for (int i = 0; i < moves; i++) {
        to = put_move(to);
    }
    to = put(to, (unsigned char[]){0xc4, (unsigned char)padding}, 2);
    memset(to, 0x11, padding);
    return true;
}

static void make_frame(void) {
    frame = allocate(1, frame_bytes);
    uint32_t length = htonl((uint32_t)(frame_bytes - LENGTH_BYTES));
    unsigned char *body = put(frame, &length, LENGTH_BYTES);
    if (sends_bodies) {
        make_body(body);
    } else if (frame_bytes == LENGTH_BYTES + MOVE_BYTES) {
        number_offset = LENGTH_BYTES + NUMBER_IN_MOVE;
        put_move(body);
    } else if (!make_moves(body)) {
        number_offset = LENGTH_BYTES + 1;
        memset(body, 0xa5, frame_bytes - LENGTH_BYTES);
    }
}

static void put_frame(unsigned char *to, uint64_t number) {
    memcpy(to, frame, frame_bytes);
    to[number_offset] = (unsigned char)(number >> 16);
    to[number_offset + 1] = (unsigned char)(number >> 8);
    to[number_offset + 2] = (unsigned char)number;
}

// Writes a piece of a connection's stream, which may begin and end within messages.
static void put_stream(unsigned char *to, uint64_t position, size_t length) {
    unsigned char one[frame_bytes];
    uint64_t number = position / frame_bytes;
    size_t offset = position % frame_bytes;
    while (length > 0) {
        size_t part = frame_bytes - offset;
        if (part > length) {
            part = length;
        }
        if (part == (size_t)frame_bytes) {
            put_frame(to, number);
        } else {
            put_frame(one, number);
            memcpy(to, one + offset, part);
        }
        to += part;
        length -= part;
        offset = 0;
        number++;
    }
}

static uint64_t changed_bytes;

// Compares a piece of a connection's stream; a message with a changed byte counts with what came of it at once.
static void compare_stream(const unsigned char *received, uint64_t position, size_t length) {
    unsigned char one[frame_bytes];
    while (length > 0) {
        size_t offset = position % frame_bytes, part = frame_bytes - offset;
        if (part > length) {
            part = length;
        }
        put_frame(one, position / frame_bytes);
        if (memcmp(one + offset, received, part) != 0) {
            changed_bytes += part;
        }
        received += part;
        position += part;
        length -= part;
    }
}

// ---- Connections --------------------------------------------------------------------------------------------------

struct connection {
    int socket;               // -1 once the server has closed it
    bool waits_to_send;       // whether it is watched for room in the send buffer
    uint64_t due_bytes;       // of its stream: to be sent by now,
    uint64_t sent_bytes;      // taken by the kernel,
    uint64_t received_bytes;  // come back
    uint64_t received;        // whole messages that came back
    uint64_t *began;          // when each message in flight began, by its number modulo max_in_flight
};

static int poller, max_in_flight;
static struct connection *connections;
static uint64_t closed_connections;
static unsigned char *output;
static size_t output_bytes;

static void end(struct connection *connection) {
    closed_connections++;
    close(connection->socket);
    connection->socket = -1;
}

static void wait_to_send(struct connection *connection, bool waits) {
    if (connection->waits_to_send == waits) {
        return;
    }
    connection->waits_to_send = waits;
    struct epoll_event event = {.events = waits ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_MOD, connection->socket, &event);
}

// Sends what is due, as far as the kernel takes it.
static void send_due(struct connection *connection) {
    while (connection->sent_bytes < connection->due_bytes) {
        uint64_t due = connection->due_bytes - connection->sent_bytes;
        size_t length = due < output_bytes ? (size_t)due : output_bytes;
        put_stream(output, connection->sent_bytes, length);
        ssize_t sent = send(connection->socket, output, length, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) {
            end(connection);
            return;
        }

        connection->sent_bytes += sent > 0 ? (uint64_t)sent : 0;
        if (sent < (ssize_t)length) {
            wait_to_send(connection, true);
            return;
        }
    }
    wait_to_send(connection, false);
}

static void open_connection(struct connection *connection, int index, const struct sockaddr_in *server) {
    connection->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->socket < 0) {
        fail("socket %d: %s", index, strerror(errno));
    }

    // A reset on close: thousands of connections that linger would use up the ports of the next run.
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    int on = 1;
    setsockopt(connection->socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (int attempt = 1; connect(connection->socket, (const struct sockaddr *)server, sizeof *server); attempt++) {
        if (attempt > CONNECT_ATTEMPTS) {
            fail("connect %d: %s", index, strerror(errno));
        }
        usleep(2000);
    }

    fcntl(connection->socket, F_SETFL, O_NONBLOCK);
    connection->began = allocate(max_in_flight, sizeof *connection->began);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_ADD, connection->socket, &event);
}

static void open_connections(void) {
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (inet_pton(AF_INET, host, &server.sin_addr) != 1) {
        fail("-h %s is not an IPv4 address", host);
    }

    poller = epoll_create1(0);
    max_in_flight = rate > 0 ? OPEN_LOOP_IN_FLIGHT : in_flight;
    output_bytes = (size_t)frame_bytes * MAX_SEND_MESSAGES;
    if (output_bytes > MAX_SEND_BYTES) {
        output_bytes = MAX_SEND_BYTES;
    }
    output = allocate(1, output_bytes);
    connections = allocate(connection_count, sizeof *connections);
    for (int i = 0; i < connection_count; i++) {
        open_connection(&connections[i], i, &server);
    }
}

// ---- Idle connections ---------------------------------------------------------------------------------------------

static void echo_one(const struct connection *connection) {
    unsigned char received[frame_bytes];
    put_frame(output, 0);
    if (send(connection->socket, output, frame_bytes, MSG_NOSIGNAL) != frame_bytes) {
        fail("send: %s", strerror(errno));
    }

    uint64_t deadline = now() + 5 * SECOND;
    for (int length = 0; length < frame_bytes;) {
        ssize_t part = recv(connection->socket, received, frame_bytes - length, 0);
        if (part == 0 || (part < 0 && errno != EAGAIN) || now() > deadline) {
            fail("a connection does not answer");
        }
        length += part > 0 ? (int)part : 0;
    }
}

static void stay_idle(void) {
    if (sends_one_before_idle) {
        for (int i = 0; i < connection_count; i++) {
            echo_one(&connections[i]);
        }
    }
    printf("idle %d\n", connection_count);
    fflush(stdout);
    sleep((unsigned)idle_seconds);
}

// ---- Load ---------------------------------------------------------------------------------------------------------

static uint64_t load_began, messages, receives, waits;

static void send_first_messages(void) {
    for (int i = 0; i < connection_count; i++) {
        struct connection *connection = &connections[i];
        uint64_t time = now();
        for (int k = 0; k < in_flight; k++) {
            connection->began[k] = time;
        }
        connection->due_bytes = (uint64_t)in_flight * frame_bytes;
        send_due(connection);
    }
}

// Open loop: sends all that has become due, one message on each connection in turn.
static void send_what_is_due(uint64_t time) {
    static uint64_t issued;
    static int next;
    double due = (double)(time - load_began) / (double)SECOND * rate;
    while ((double)issued < due) {
        struct connection *connection = &connections[next];
        next = (next + 1) % connection_count;
        uint64_t number = connection->due_bytes / frame_bytes;
        if (connection->socket >= 0 && number - connection->received < (uint64_t)max_in_flight) {
            connection->began[number % max_in_flight] = load_began + (uint64_t)((double)issued / rate * (double)SECOND);
            connection->due_bytes += frame_bytes;
            send_due(connection);
        }
        issued++;
    }
}

static void receive(struct connection *connection) {
    static unsigned char input[RECEIVE_BYTES];
    ssize_t length = recv(connection->socket, input, sizeof input, 0);
    if (length <= 0) {
        if (length == 0 || errno != EAGAIN) {
            end(connection);
        }
        return;
    }

    receives++;
    if (verifies) {
        compare_stream(input, connection->received_bytes, length);
    }
    connection->received_bytes += length;
    uint64_t whole = connection->received_bytes / frame_bytes, arrived = whole - connection->received;
    if (arrived == 0) {
        return;
    }

    // All that came in one receive came at the same time. In the closed loop the next ones begin now.
    uint64_t time = now();
    messages += arrived;
    for (; connection->received < whole; connection->received++) {
        uint64_t *began = &connection->began[connection->received % max_in_flight];
        record(time - *began);
        if (rate <= 0) {
            *began = time;
        }
    }

    if (rate <= 0) {
        connection->due_bytes += arrived * frame_bytes;
        send_due(connection);
    }
}

static void report(double elapsed, double connect_seconds, double own, struct processor_times before, struct processor_times after) {
    double user = after.server_user - before.server_user, system = after.server_system - before.server_system;
    double count = (double)messages, microseconds_a_message = messages ? 1e6 / count : 0;
    printf("{\"tag\":\"%s\",\"conns\":%d,\"w\":%d,\"size\":%d,\"sec\":%.3f,", tag, connection_count, in_flight, frame_bytes, elapsed);
    printf("\"msgs\":%llu,\"mps\":%.0f,\"MBps\":%.2f,", (unsigned long long)messages, count / elapsed, count / elapsed * frame_bytes / 1e6);
    printf("\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f,\"mean\":%.1f,",
        percentile_microseconds(0.5), percentile_microseconds(0.99), percentile_microseconds(0.999),
        (double)longest / 1e3, round_trips ? round_trip_sum / (double)round_trips / 1e3 : 0);
    printf("\"msg_per_recv\":%.2f,\"ev_per_wait\":%.1f,", receives ? count / (double)receives : 0, waits ? (double)receives / (double)waits : 0);
    printf("\"lg_cpu\":%.3f,\"srv_cpu\":%.3f,\"srv_user_us\":%.3f,\"srv_sys_us\":%.3f,",
        own / elapsed, (user + system) / elapsed, user * microseconds_a_message, system * microseconds_a_message);
    printf("\"core0\":%.2f,\"core1\":%.2f,\"steal0\":%.2f,\"steal1\":%.2f,",
        (after.busy[0] - before.busy[0]) / elapsed, (after.busy[1] - before.busy[1]) / elapsed,
        (after.stolen[0] - before.stolen[0]) / elapsed, (after.stolen[1] - before.stolen[1]) / elapsed);
    printf("\"srv_us\":%.3f,\"closed\":%llu,\"bad\":%llu,\"connect_s\":%.3f}\n",
        (user + system) * microseconds_a_message, (unsigned long long)closed_connections, (unsigned long long)changed_bytes, connect_seconds);
}

static void load(double connect_seconds) {
    static struct epoll_event events[MAX_EVENTS];
    load_began = now();
    uint64_t warm = load_began + (uint64_t)(warm_up_seconds * (double)SECOND), deadline = warm + (uint64_t)(seconds * (double)SECOND);
    uint64_t measured_from = 0;
    double own = 0;
    struct processor_times before = {0};
    if (rate <= 0) {
        send_first_messages();
    }

    for (;;) {
        int count = epoll_wait(poller, events, MAX_EVENTS, rate > 0 ? 1 : 100);
        waits++;
        uint64_t time = now();
        if (measured_from == 0 && time >= warm) {
            messages = receives = waits = 0;
            forget_round_trips();
            own = own_processor_seconds();
            before = read_processor_times();
            measured_from = now();
        }
        if (time >= deadline) {
            break;
        }
        if (rate > 0) {
            send_what_is_due(time);
        }

        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection->socket >= 0 && events[i].events & EPOLLOUT) {
                send_due(connection);
            }
            if (connection->socket >= 0 && events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
                receive(connection);
            }
        }
    }

    double elapsed = (double)(now() - measured_from) / (double)SECOND;
    struct processor_times after = read_processor_times();
    report(elapsed, connect_seconds, own_processor_seconds() - own, before, after);
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
    read_options(argc, argv);
    raise_descriptor_limit();
    make_frame();
    uint64_t began = now();
    open_connections();
    double connect_seconds = (double)(now() - began) / (double)SECOND;
    if (idle_seconds > 0) {
        stay_idle();
        return 0;
    }

    usleep(20000 + (unsigned)connection_count * 20);  // Lets the server accept the last ones.
    load(connect_seconds);
    return changed_bytes > 0 ? 1 : 0;
}
