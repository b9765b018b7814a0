// The floor: the same number of bytes each way over one TCP connection, with no framework, no protobuf and no threads.
//
//   floor server PORT
//   floor client PORT unary:1:IN_FLIGHT SERVER_PID SECONDS
//
// The client warms up for a second, measures, and prints one line of JSON, as every client of the benchmark does.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// What GetUser takes on Martlet's native wire: a frame's header (10 bytes), the names of service (27) and method (9) and
// the request (15); and back, the header and the user (111).
enum { REQUEST_BYTES = 61, REPLY_BYTES = 121 };

enum { MOST_IN_FLIGHT = 1024 };

static char in[1 << 16], out[1 << 20];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * UINT64_C(1000000000) + t.tv_nsec;
}

// CPU seconds of this process.
static double own_cpu(void) {
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

// A file in /proc of another process; without /proc, as on macOS, an empty text.
static const char *proc_file(int process, const char *name) {
    static char text[8192];
    snprintf(text, sizeof text, "/proc/%d/%s", process, name);
    FILE *file = fopen(text, "r");
    size_t bytes = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) fclose(file);
    text[bytes] = 0;
    return text;
}

// CPU seconds of another process.
static double cpu_of(int process) {
    const char *name = strrchr(proc_file(process, "stat"), ')');
    unsigned long user = 0, system = 0;
    if (name) sscanf(name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

// The most memory that another process has had, in KiB.
static long peak_memory_of(int process) {
    const char *line = strstr(proc_file(process, "status"), "VmHWM:");
    return line ? atol(line + strlen("VmHWM:")) : 0;
}

// How many calls took how long. Within a power of two there are 128 steps, so a time is off by less than 1 %.
enum { STEPS = 128, STEP_BITS = 7 };
static uint64_t histogram[(64 - STEP_BITS + 1) * STEPS];

static void record(uint64_t nanoseconds) {
    int shift = nanoseconds < 2 * STEPS ? 0 : 63 - __builtin_clzll(nanoseconds) - STEP_BITS;
    histogram[shift * STEPS + (nanoseconds >> shift)]++;
}

// The time in microseconds that this part of all calls stayed below.
static double percentile(double part, uint64_t calls) {
    uint64_t below = calls * part;
    size_t slot = 0;
    for (uint64_t seen = histogram[0]; seen <= below; seen += histogram[slot]) slot++;
    int shift = slot < 2 * STEPS ? 0 : slot / STEPS - 1;
    return (double)((slot - shift * STEPS) << shift) / 1000;
}

static int set_nodelay(int fd) {
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static int send_all(int fd, size_t bytes) {
    for (size_t sent = 0; sent < bytes;) {
        ssize_t n = send(fd, out + sent, bytes - sent, MSG_NOSIGNAL);
        if (n <= 0) return 0;
        sent += n;
    }
    return 1;
}

static void serve(struct sockaddr_in address) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16)) fail("listen");
    for (;;) {
        int fd = set_nodelay(accept(listener, NULL, NULL));
        size_t pending = 0;
        ssize_t n;
        while ((n = read(fd, in, sizeof in)) > 0) {
            pending += n;
            size_t replies = pending / REQUEST_BYTES;
            pending %= REQUEST_BYTES;
            if (!send_all(fd, replies * REPLY_BYTES)) break;
        }
        close(fd);
    }
}

// Keeps `in_flight` requests under way for this long and leaves none. Gives how many were answered.
static uint64_t load(int fd, uint64_t in_flight, double seconds) {
    static uint64_t started[MOST_IN_FLIGHT];
    uint64_t sent = 0, done = 0, at = now(), end = at + (uint64_t)(seconds * 1e9);
    size_t pending = 0;
    memset(histogram, 0, sizeof histogram);
    while (at < end || done < sent) {
        uint64_t free = at < end ? in_flight - (sent - done) : 0;
        for (uint64_t i = 0; i < free; i++) started[(sent + i) % in_flight] = at;
        if (!send_all(fd, free * REQUEST_BYTES)) fail("send");
        sent += free;
        ssize_t n = read(fd, in, sizeof in);
        if (n <= 0) fail("read");
        at = now();
        pending += n;
        for (; pending >= REPLY_BYTES; pending -= REPLY_BYTES) record(at - started[done++ % in_flight]);
    }
    return done;
}

static void measure(struct sockaddr_in address, int in_flight, int server, double seconds) {
    int fd = set_nodelay(socket(AF_INET, SOCK_STREAM, 0));
    if (connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    load(fd, in_flight, 1);
    double own_before = own_cpu(), server_before = cpu_of(server);
    uint64_t start = now(), calls = load(fd, in_flight, seconds);
    double elapsed = (now() - start) * 1e-9;
    printf("{\"framework\": \"floor\", \"scenario\": \"unary:1:%d\", \"ops\": %llu, \"rate\": %.1f, \"mib_s\": 0, ",
           in_flight, (unsigned long long)calls, calls / elapsed);
    printf("\"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, ", percentile(.5, calls), percentile(.99, calls),
           percentile(.999, calls));
    printf("\"cli_cpu_per_100k\": %.3f, \"srv_cpu_per_100k\": %.3f, \"srv_hwm_kb\": %ld}\n",
           (own_cpu() - own_before) * 1e5 / calls, (cpu_of(server) - server_before) * 1e5 / calls,
           peak_memory_of(server));
}

int main(int argc, char **argv) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(argc > 2 ? atoi(argv[2]) : 0)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int in_flight = 0;
    if (argc == 3 && strcmp(argv[1], "server") == 0) {
        serve(address);
    } else if (argc == 6 && strcmp(argv[1], "client") == 0 && sscanf(argv[3], "unary:1:%d", &in_flight) == 1 &&
               in_flight > 0 && in_flight <= MOST_IN_FLIGHT) {
        measure(address, in_flight, atoi(argv[4]), atof(argv[5]));
        return 0;
    }
    fprintf(stderr, "usage: floor server PORT\n       floor client PORT unary:1:IN_FLIGHT SERVER_PID SECONDS\n");
    return 64;
}
