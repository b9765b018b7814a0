internal import CCares

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// Asks DNS through c-ares, and blocks the thread meanwhile: for ten seconds at most.
///
/// Unchecked: a c-ares channel and what its callbacks write to are made, used and destroyed within one function, by one
/// thread. The pointers that c-ares lends are read inside of the callback that gets them.
struct DNSClient: Sendable {
    struct Failure: Error, CustomStringConvertible {
        let status: Int32

        var description: String { String(cString: ares_strerror(status)) }

        /// Whether the name is there and has nothing of what was asked for, or isn't there: an answer too.
        var isAnswer: Bool {
            status == ARES_ENODATA || status == ARES_ENOTFOUND
        }
    }

    struct Service: Sendable, Hashable {
        var host: String
        var port: Int
        var priority: Int
        var weight: Int
    }

    /// `HOST:PORT` of the server that is asked; nil: those of the system, and its file of hosts.
    let server: String?

    // A class and types of records (RFC 1035, section 3.2; RFC 2782).
    private static let internet: Int32 = 1
    private static let txt: Int32 = 16
    private static let srv: Int32 = 33

    private static let attemptMilliseconds: Int32 = 2000
    private static let attempts: Int32 = 2

    /// The addresses of a host, IPv6 and IPv4.
    func addresses(of host: String) throws(Failure) -> [String] {
        let result = try ask { channel, box in
            var hints = ares_addrinfo_hints()
            hints.ai_family = AF_UNSPEC
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            ares_getaddrinfo(
                channel, host, nil, &hints,
                { box, status, _, info in
                    let answer = Answer.of(box)
                    answer.status = status
                    guard let info else { return }
                    var node = info.pointee.nodes
                    while let current = node {
                        if let address = text(current.pointee.ai_addr) { answer.texts.append(address) }
                        node = current.pointee.ai_next
                    }
                    ares_freeaddrinfo(info)
                }, box)
        }
        var seen: Set<String> = []
        return result.texts.filter { seen.insert($0).inserted }
    }

    /// What the SRV records of a name say (RFC 2782).
    func services(of name: String) throws(Failure) -> [Service] {
        try ask { channel, box in
            ares_query(
                channel, name, Self.internet, Self.srv,
                { box, status, _, bytes, count in
                    let answer = Answer.of(box)
                    answer.status = status
                    guard status == ARES_SUCCESS else { return }
                    var first: UnsafeMutablePointer<ares_srv_reply>?
                    answer.status = ares_parse_srv_reply(bytes, count, &first)
                    var record = first
                    while let current = record {
                        answer.services.append(
                            Service(
                                host: String(cString: current.pointee.host), port: Int(current.pointee.port),
                                priority: Int(current.pointee.priority), weight: Int(current.pointee.weight)))
                        record = current.pointee.next
                    }
                    if let first { ares_free_data(first) }
                }, box)
        }.services
    }

    /// The TXT records of a name, each with its parts put together.
    func texts(of name: String) throws(Failure) -> [String] {
        try ask { channel, box in
            ares_query(
                channel, name, Self.internet, Self.txt,
                { box, status, _, bytes, count in
                    let answer = Answer.of(box)
                    answer.status = status
                    guard status == ARES_SUCCESS else { return }
                    var first: UnsafeMutablePointer<ares_txt_ext>?
                    answer.status = ares_parse_txt_reply_ext(bytes, count, &first)
                    var record = first
                    while let current = record {
                        let part = UnsafeBufferPointer(start: current.pointee.txt, count: current.pointee.length)
                        if current.pointee.record_start != 0 || answer.texts.isEmpty { answer.texts.append("") }
                        answer.texts[answer.texts.count - 1] += String(decoding: part, as: UTF8.self)
                        record = current.pointee.next
                    }
                    if let first { ares_free_data(first) }
                }, box)
        }.texts
    }

    // MARK: - One question

    private final class Answer {
        var status = ARES_ETIMEOUT
        var texts: [String] = []
        var services: [Service] = []

        static func of(_ box: UnsafeMutableRawPointer?) -> Answer {
            Unmanaged<Answer>.fromOpaque(box!).takeUnretainedValue()
        }
    }

    private func ask(_ question: (ares_channel, UnsafeMutableRawPointer) -> Void) throws(Failure) -> Answer {
        _ = Self.isLibraryReady
        var options = ares_options()
        options.timeout = Self.attemptMilliseconds
        options.tries = Self.attempts
        var channel: ares_channel?
        try check(
            ares_init_options(&channel, &options, Int32(ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES)))
        guard let channel else { throw Failure(status: ARES_ENOMEM) }
        if let server {
            let status = ares_set_servers_ports_csv(channel, server)
            if status != ARES_SUCCESS {
                ares_destroy(channel)
                throw Failure(status: status)
            }
        }
        let answer = Answer()
        question(channel, Unmanaged.passUnretained(answer).toOpaque())
        wait(for: channel)
        ares_destroy(channel)
        try check(answer.status)
        return answer
    }

    private func check(_ status: Int32) throws(Failure) {
        if status != ARES_SUCCESS { throw Failure(status: status) }
    }

    /// Until nothing is left to wait for.
    private func wait(for channel: ares_channel) {
        while true {
            var sockets = [ares_socket_t](repeating: 0, count: Int(ARES_GETSOCK_MAXNUM))
            let wanted = UInt32(bitPattern: ares_getsock(channel, &sockets, ARES_GETSOCK_MAXNUM))
            // Bit n: socket n is to be read; bit n + 16: it is to be written.
            var polled: [pollfd] = []
            for (index, socket) in sockets.enumerated() {
                var events: Int16 = 0
                if wanted & 1 << index != 0 { events |= Int16(POLLIN) }
                if wanted & 1 << (index + Int(ARES_GETSOCK_MAXNUM)) != 0 { events |= Int16(POLLOUT) }
                if events != 0 { polled.append(pollfd(fd: socket, events: events, revents: 0)) }
            }
            if polled.isEmpty { return }
            var time = timeval()
            let next = ares_timeout(channel, nil, &time)
            let milliseconds = next == nil ? -1 : Int32(clamping: time.tv_sec * 1000 + time.tv_usec / 1000 + 1)
            _ = poll(&polled, nfds_t(polled.count), milliseconds)
            let none = ares_socket_t(ARES_SOCKET_BAD)
            var isQuiet = true
            for socket in polled where socket.revents != 0 {
                isQuiet = false
                let failed = socket.revents & Int16(POLLERR | POLLHUP) != 0
                ares_process_fd(
                    channel, failed || socket.revents & Int16(POLLIN) != 0 ? socket.fd : none,
                    socket.revents & Int16(POLLOUT) != 0 ? socket.fd : none)
            }
            if isQuiet { ares_process_fd(channel, none, none) }
        }
    }

    /// c-ares wants this once, before any other thread may use it.
    private static let isLibraryReady = ares_library_init(Int32(ARES_LIB_INIT_ALL)) == 0
}

/// An address as numbers.
private func text(_ address: UnsafeMutablePointer<sockaddr>?) -> String? {
    guard let address else { return nil }
    var name = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = Int32(address.pointee.sa_family)
    let isWritten: Bool
    switch family {
    case AF_INET:
        isWritten = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            inet_ntop(family, &$0.pointee.sin_addr, &name, socklen_t(name.count)) != nil
        }
    case AF_INET6:
        isWritten = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
            inet_ntop(family, &$0.pointee.sin6_addr, &name, socklen_t(name.count)) != nil
        }
    default: return nil
    }
    return isWritten ? String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
}
