// The floor: the same number of bytes each way over one TCP connection, with no framework, no protobuf and no threads.
//
//   floor server PORT REQUEST_BYTES REPLY_BYTES
//   floor client PORT REQUEST_BYTES REPLY_BYTES IN_FLIGHT SECONDS
//
// The client prints "requests seconds client_cpu_seconds".
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char in[1 << 16], out[1 << 20];

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static double cpu(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void send_all(int fd, size_t bytes) {
    for (size_t sent = 0; sent < bytes;) {
        ssize_t n = write(fd, out + sent, bytes - sent);
        if (n <= 0) fail("write");
        sent += n;
    }
}

static int set_nodelay(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void serve(struct sockaddr_in address, size_t request, size_t reply) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) fail("listen");
    for (;;) {
        int fd = set_nodelay(accept(listener, NULL, NULL));
        size_t pending = 0;
        ssize_t n;
        while ((n = read(fd, in, sizeof in)) > 0) {
            pending += n;
            for (size_t calls = pending / request; calls > 0;) {
                size_t batch = calls * reply <= sizeof out ? calls : sizeof out / reply;
                send_all(fd, batch * reply);
                calls -= batch;
            }
            pending %= request;
        }
        close(fd);
    }
}

static void load(struct sockaddr_in address, size_t request, size_t reply, size_t in_flight, double seconds) {
    int fd = set_nodelay(socket(AF_INET, SOCK_STREAM, 0));
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    double start = now(), cpu_at_start = cpu();
    size_t pending = 0, done = 0;
    send_all(fd, in_flight * request);
    while (now() - start < seconds) {
        ssize_t n = read(fd, in, sizeof in);
        if (n <= 0) fail("read");
        pending += n;
        size_t replies = pending / reply;
        pending %= reply;
        done += replies;
        send_all(fd, replies * request);
    }
    printf("%zu %f %f\n", done, now() - start, cpu() - cpu_at_start);
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fputs("usage: floor server PORT REQUEST REPLY | floor client PORT REQUEST REPLY IN_FLIGHT SECONDS\n", stderr);
        return 64;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[2]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    size_t request = atoi(argv[3]), reply = atoi(argv[4]);
    if (strcmp(argv[1], "server") == 0) serve(address, request, reply);
    if (argc < 7) return 64;
    load(address, request, reply, atoi(argv[5]), atof(argv[6]));
    return 0;
}
