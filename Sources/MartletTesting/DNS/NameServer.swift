internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Answers questions of DNS on a port of loopback (RFC 1035), for tests of `dns` and `srv` targets.
///
/// ```swift
/// let names = NameServer()
/// names["users.test"] = [.a("127.0.0.1"), .a("127.0.0.2")]
/// let port = try await names.start()
/// let channel = try ClientChannel("dns://127.0.0.1:\(port)/users.test:7000")
/// ```
public final class NameServer: Sendable {
    /// What a name has.
    public enum Record: Sendable, Hashable {
        /// - Parameter 0: Four numbers from 0 to 255, with points between them.
        case a(String)
        /// Of several, those of the lowest priority come first (RFC 2782).
        case srv(host: String, port: UInt16, priority: UInt16, weight: UInt16)
        /// - Parameter 0: Parts of at most 255 bytes.
        case txt([String])

        fileprivate var type: UInt16 {
            switch self {
            case .a: 1
            case .txt: 16
            case .srv: 33
            }
        }
    }

    private let records = Mutex<[String: [Record]]>([:])
    private let _questions = Mutex<[String]>([])
    private let isSilent = Atomic(false)
    private let channel = Mutex<(any Channel)?>(nil)

    /// A server that isn't started and knows no name.
    public init() {}

    /// What is answered of each name, in lower case. A name without records doesn't exist.
    public subscript(name: String) -> [Record] {
        get { records.withLock { $0[name] ?? [] } }
        set { records.withLock { $0[name] = newValue } }
    }

    /// The names that were asked for, in order.
    public var questions: [String] { _questions.withLock { $0 } }

    /// Answers nothing from now on.
    public func fallSilent() { isSilent.store(true, ordering: .relaxed) }

    /// Begins to answer.
    ///
    /// - Returns: Its port.
    public func start() async throws -> Int {
        let handler = Handler(server: self)
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.channel.withLock { $0 = channel }
        return channel.localAddress!.port!
    }

    /// Answers no more; its port is free.
    public func stop() async throws { try await channel.withLock { $0 }?.close() }

    private final class Handler: ChannelInboundHandler, Sendable {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>
        typealias OutboundOut = AddressedEnvelope<ByteBuffer>

        let server: NameServer

        init(server: NameServer) { self.server = server }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let question = unwrapInboundIn(data)
            guard let answer = server.answer(to: question.data) else { return }
            context.writeAndFlush(
                wrapOutboundOut(AddressedEnvelope(remoteAddress: question.remoteAddress, data: answer)), promise: nil)
        }
    }

    private func answer(to question: ByteBuffer) -> ByteBuffer? {
        var reader = question
        guard let id: UInt16 = reader.readInteger() else { return nil }
        reader.moveReaderIndex(forwardBy: 10)
        let start = reader.readerIndex
        var labels: [String] = []
        while let length: UInt8 = reader.readInteger(), length > 0 {
            labels.append(reader.readString(length: Int(length)) ?? "")
        }
        guard let type: UInt16 = reader.readInteger() else { return nil }
        reader.moveReaderIndex(forwardBy: 2)
        let name = labels.joined(separator: ".").lowercased()
        _questions.withLock { $0.append(name) }
        if isSilent.load(ordering: .relaxed) { return nil }
        let all = self[name]
        let matching = all.filter { $0.type == type }
        var answer = ByteBuffer()
        // A response that is final; NXDOMAIN if there is no such name.
        answer.writeMultipleIntegers(
            id, UInt16(all.isEmpty ? 0x8583 : 0x8580), UInt16(1), UInt16(matching.count), UInt16(0), UInt16(0))
        answer.writeImmutableBuffer(question.getSlice(at: start, length: reader.readerIndex - start)!)
        for record in matching {
            // The name is the question's; class IN, 60 s.
            answer.writeMultipleIntegers(UInt16(0xC00C), type, UInt16(1), UInt32(60))
            let data = record.data
            answer.writeInteger(UInt16(data.readableBytes))
            answer.writeImmutableBuffer(data)
        }
        return answer
    }
}

extension NameServer.Record {
    fileprivate var data: ByteBuffer {
        var data = ByteBuffer()
        switch self {
        case .a(let address):
            data.writeBytes(address.split(separator: ".").compactMap { UInt8($0) })
        case .srv(let host, let port, let priority, let weight):
            data.writeMultipleIntegers(priority, weight, port)
            for label in host.split(separator: ".") {
                data.writeInteger(UInt8(label.utf8.count))
                data.writeString(String(label))
            }
            data.writeInteger(UInt8(0))
        case .txt(let parts):
            for part in parts {
                data.writeInteger(UInt8(part.utf8.count))
                data.writeString(part)
            }
        }
        return data
    }
}
