// What a client measures: operations, how long each call took, and what this process and the server's have used.
#pragma once

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// Nanoseconds of a clock that never goes back.
inline int64_t Now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

struct Tally {
    int64_t operations = 0;
    // Of each call.
    std::vector<int64_t> nanoseconds;

    void Add(int64_t count, int64_t duration) {
        operations += count;
        nanoseconds.push_back(duration);
    }

    void Add(const Tally& other) {
        operations += other.operations;
        nanoseconds.insert(nanoseconds.end(), other.nanoseconds.begin(), other.nanoseconds.end());
    }

    // The time in microseconds that this part of all calls stayed below. The times must be sorted.
    double Percentile(double part) const {
        size_t index = std::min(nanoseconds.size() - 1, static_cast<size_t>(nanoseconds.size() * part));
        return nanoseconds[index] / 1e3;
    }
};

inline std::string ProcFile(int process, const char* name) {
    std::ifstream file("/proc/" + std::to_string(process) + "/" + name);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

// CPU seconds, by the kernel's account.
struct Usage {
    double client, server;

    static Usage Now(int server) {
        rusage own;
        getrusage(RUSAGE_SELF, &own);
        return {Seconds(own.ru_utime) + Seconds(own.ru_stime), Server(server)};
    }

   private:
    static double Seconds(const timeval& time) { return time.tv_sec + time.tv_usec / 1e6; }

    static double Server(int process) {
        std::string stat = ProcFile(process, "stat");
        size_t name = stat.rfind(')');
        if (name == std::string::npos) return 0;
        unsigned long user = 0, system = 0;
        std::sscanf(stat.c_str() + name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
        return static_cast<double>(user + system) / sysconf(_SC_CLK_TCK);
    }
};

// The most memory that a process has had, in KiB.
inline long PeakMemory(int process) {
    std::string status = ProcFile(process, "status");
    size_t line = status.find("VmHWM:");
    return line == std::string::npos ? 0 : std::atol(status.c_str() + line + 6);
}

// Prints the one line of JSON that every client prints. `bytes` are those of one operation each way, if they count.
inline void Report(const std::string& scenario, Tally tally, double seconds, int64_t bytes, const Usage& before,
                   const Usage& after, int server) {
    std::sort(tally.nanoseconds.begin(), tally.nanoseconds.end());
    double operations = static_cast<double>(tally.operations);
    std::printf("{\"framework\": \"cpp-grpc\", \"scenario\": \"%s\", \"ops\": %ld, \"rate\": %.1f, \"mib_s\": %.1f, ",
                scenario.c_str(), static_cast<long>(tally.operations), operations / seconds,
                operations * bytes / seconds / (1 << 20));
    std::printf("\"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, ", tally.Percentile(.5), tally.Percentile(.99),
                tally.Percentile(.999));
    std::printf("\"cli_cpu_per_100k\": %.3f, \"srv_cpu_per_100k\": %.3f, \"srv_hwm_kb\": %ld}\n",
                (after.client - before.client) * 1e5 / operations, (after.server - before.server) * 1e5 / operations,
                PeakMemory(server));
}
