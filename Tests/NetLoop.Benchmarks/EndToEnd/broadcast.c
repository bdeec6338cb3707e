// broadcast - sends one frame of BYTES bytes to SESSIONS connections RATE times a second, by send in a loop.
// usage: broadcast port sessions rate bytes milliseconds   (port 0: the system chooses)
// Waits for all sessions, warms up for half a second, measures, prints one line of JSON and ends.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void) {
    struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}
static double cpu_seconds(void) {
    struct rusage u; getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}
int main(int argc, char **argv) {
    if (argc != 6) { fprintf(stderr, "usage: broadcast port sessions rate bytes milliseconds\n"); return 2; }
    int port = atoi(argv[1]), sessions = atoi(argv[2]), rate = atoi(argv[3]), bytes = atoi(argv[4]), ms = atoi(argv[5]), one = 1;
    signal(SIGPIPE, SIG_IGN);
    int ls = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(ls, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(ls, (void *)&sa, sizeof sa) || listen(ls, 4096)) { perror("bind"); return 1; }
    socklen_t length_of_sa = sizeof sa; getsockname(ls, (void *)&sa, &length_of_sa);
    printf("listening on tcp 127.0.0.1:%d\n", ntohs(sa.sin_port)); fflush(stdout);
    int *fds = malloc(sizeof(int) * sessions);
    for (int i = 0; i < sessions; i++) {
        fds[i] = accept4(ls, NULL, NULL, SOCK_NONBLOCK);
        if (fds[i] < 0) { perror("accept"); return 1; }
        setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    unsigned char *frame = calloc(1, bytes); uint32_t length = htonl(bytes - 4); memcpy(frame, &length, 4);
    memset(frame + 4, 0x22, bytes - 4);

    uint64_t step = 1000000000ull / rate, next = now_ns(), start = next + 500000000ull, end = start + (uint64_t)ms * 1000000ull, busy = 0, sent = 0, ticks = 0;
    double cpu = 0; int measuring = 0;
    for (;;) {
        next += step;
        struct timespec t = {.tv_sec = next / 1000000000ull, .tv_nsec = next % 1000000000ull};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
        uint64_t began = now_ns();
        if (!measuring && began >= start) { measuring = 1; busy = sent = ticks = 0; cpu = cpu_seconds(); start = began; }
        if (began >= end) break;
        for (int i = 0; i < sessions; i++) if (send(fds[i], frame, bytes, MSG_NOSIGNAL | MSG_DONTWAIT) == bytes) sent++;
        busy += now_ns() - began; ticks++;
    }
    printf("{\"server\":\"c\",\"sessions\":%d,\"ticksPerSecond\":%.2f,\"sessionsPerMillisecond\":%.3f,\"cpuMicroseconds\":%.3f,\"allocatedBytes\":0}\n",
           sessions, ticks / ((now_ns() - start) / 1e9), sent / (busy / 1e6), (cpu_seconds() - cpu) * 1e6 / sent);
    return 0;
}
