import Foundation

/// What this process and the server's have used, by the kernel's account.
struct Usage {
    /// CPU seconds.
    let client, server: Double

    static func now(server: Int) -> Usage {
        var own = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &own)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return Usage(client: seconds(own.ru_utime) + seconds(own.ru_stime), server: cpuSeconds(of: server))
    }

    static func - (later: Usage, earlier: Usage) -> Usage {
        Usage(client: later.client - earlier.client, server: later.server - earlier.server)
    }

    /// The most memory that a process has had, in KiB.
    static func peakMemory(of process: Int) -> Int {
        let line = text(process, "status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.split { " \t".contains($0) }[1]) } ?? 0
    }

    private static func cpuSeconds(of process: Int) -> Double {
        let stat = text(process, "stat")
        guard let name = stat.lastIndex(of: ")") else { return 0 }
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        return (Double(fields[11])! + Double(fields[12])!) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func text(_ process: Int, _ file: String) -> String {
        (try? String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8)) ?? ""
    }
}
