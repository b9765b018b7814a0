import ArgumentParser

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What Linux tells of a process in `/proc` (proc(5)).
struct ProcessFigures {
    private let folder: String
    private let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))

    static let own = ProcessFigures(folder: "/proc/self")

    /// - Throws: `ValidationError` if there is no such process.
    init(id: Int) throws {
        folder = "/proc/\(id)"
        guard contents("stat") != nil else {
            throw ValidationError("/proc has no process \(id), whose CPU and memory are to be read")
        }
    }

    private init(folder: String) { self.folder = folder }

    /// User and system time of all threads; 0 once it has ended.
    var cpuSeconds: Double {
        // The name in parentheses may have spaces; the 12th and 13th fields behind it are utime and stime, in ticks.
        let fields = contents("stat")?.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / ticksPerSecond
    }

    /// Memory in use.
    var residentKiB: Int { status("VmRSS") }

    /// The most memory that was ever in use.
    var peakResidentKiB: Int { status("VmHWM") }

    /// A line such as `VmHWM:     5120 kB`; 0 if there is none.
    private func status(_ name: String) -> Int {
        let line = contents("status")?.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        return line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) } ?? 0
    }

    private func contents(_ file: String) -> String? {
        let descriptor = open("\(folder)/\(file)", O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}

/// Lets the process have as many connections as its user may give it.
func raiseFileLimit() {
    var limit = rlimit()
    #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        let resource = RLIMIT_NOFILE
    #endif
    guard getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(resource, &limit)
}
