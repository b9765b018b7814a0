import Martlet
import MartletFaultKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A blocking TCP client: it reads and writes when it is told to, and never otherwise. It waits up to 5 s for a server that
/// takes nothing.
final class RawSocket: Sendable {
    private let socket: Int32

    struct SystemError: Error {
        let function: String
        let code = errno
    }

    /// - Parameter receiveBuffer: What the kernel may keep for a client that doesn't read, in bytes.
    init(port: Int, receiveBuffer: Int32? = nil) throws {
        #if canImport(Glibc)
            socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            socket = Darwin.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        guard socket >= 0 else { throw SystemError(function: "socket") }
        if var size = receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SystemError(function: "connect") }
    }

    deinit { _ = close(socket) }

    /// False: the peer has closed the connection, or takes nothing.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let sent = bytes.withUnsafeBytes { bytes in
                #if canImport(Glibc)
                    Glibc.send(
                        socket, bytes.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
                #else
                    Darwin.send(socket, bytes.baseAddress! + offset, bytes.count - offset, 0)
                #endif
            }
            guard sent > 0 else { return false }
            offset += sent
        }
        return true
    }

    /// What comes within the time; empty: nothing did. Nil: the peer has closed the connection.
    func receive(within milliseconds: Int32) -> [UInt8]? {
        var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, milliseconds) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    /// Everything until the peer closes; nil if it doesn't within the time.
    func receiveToTheEnd(within milliseconds: Int32) -> [UInt8]? {
        var all: [UInt8] = []
        while let bytes = receive(within: milliseconds) {
            if bytes.isEmpty { return nil }
            all += bytes
        }
        return all
    }
}

/// Frames of the native wire, written by hand.
enum RawFrame {
    static func frame(length: UInt32? = nil, stream: UInt32, type: UInt8, flags: UInt8 = 0, _ data: [UInt8]) -> [UInt8]
    {
        bytes(of: length ?? UInt32(data.count)) + bytes(of: stream) + [type, flags] + data
    }

    /// Version 1, and the initial value of every limit.
    static let hello = frame(stream: 0, type: 0x10, [0x08, 0x01])

    /// A call of one of ``FaultService``'s methods with a small payload.
    static func request(
        _ method: String, stream: UInt32, flags: UInt8 = 0, seed: UInt8 = 1, count: Int = 8
    ) -> [UInt8] {
        let service = Array("martlet.faults.Faults".utf8)
        let payload = try! Payload(seed: UInt64(seed), count: count).serialized()
        return frame(
            stream: stream, type: 0x01, flags: flags,
            [0x0A, UInt8(service.count)] + service + [0x12, UInt8(method.utf8.count)] + Array(method.utf8)
                + (flags & 0x02 == 0 ? [0x1A, UInt8(payload.count)] + payload : []))
    }

    private static func bytes(of value: UInt32) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
