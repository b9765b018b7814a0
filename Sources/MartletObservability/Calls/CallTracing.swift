internal import MartletCore
internal import Tracing

/// Makes the spans of calls, and carries what belongs to their traces.
struct CallTracing {
    private let side: CallSide
    private let instrument: any Instrument
    private let tracer: (any Tracer)?
    private let methods = MethodTable(limit: Convention.maxMethods) { MethodSpan($0) }

    /// Nil if there is nothing to carry.
    init?(_ observability: Observability, at side: CallSide) {
        guard let instrument = observability.instrument else { return nil }
        self.side = side
        self.instrument = instrument
        tracer =
            if let tracer = instrument as? any Tracer {
                tracer
            } else if instrument is MultiplexInstrument {
                InstrumentationSystem.tracer
            } else {
                nil
            }
    }

    /// What a request came with, and nothing of the task that happens to run its handler.
    func extract(from metadata: Metadata) -> ServiceContext {
        var context = ServiceContext.topLevel
        instrument.extract(metadata, into: &context, using: MetadataExtractor())
        return context
    }

    func inject(_ context: ServiceContext, into metadata: inout Metadata) {
        instrument.inject(context, into: &metadata, using: MetadataInjector())
    }

    /// Nil without a tracer.
    func startSpan(_ method: MethodDescriptor, isKnown: Bool, in context: ServiceContext) -> (any Span)? {
        guard let tracer else { return nil }
        var start = methods.entry(of: isKnown ? method : nil)
        // There may be more methods than the table takes.
        if isKnown, !start.isOfOneMethod { start = MethodSpan(method) }
        let span: any Span = tracer.startSpan(
            start.name, context: context, ofKind: side == .client ? .client : .server)
        guard span.isRecording else { return span }
        span.updateAttributes { attributes in
            if attributes.isEmpty { attributes = start.attributes } else { attributes.merge(start.attributes) }
            if !isKnown { attributes.set(Convention.originalMethod, value: .string(method.description)) }
        }
        return span
    }

    /// A status that counts as an error at this side marks the span as failed
    /// (https://opentelemetry.io/docs/specs/semconv/general/recording-errors/).
    ///
    /// - Parameter describe: Adds what is known of the other end. Here, since each change of a span's attributes copies
    ///   all of them.
    func end(_ span: any Span, _ outcome: CallOutcome, _ describe: (inout SpanAttributes) -> Void) {
        let isError = side.isError(outcome.code)
        if span.isRecording {
            span.updateAttributes { attributes in
                describe(&attributes)
                attributes.set(Convention.statusCode, value: .string(outcome.code.name))
                if isError { attributes.set(Convention.errorType, value: .string(outcome.code.name)) }
            }
        }
        if isError {
            if let exception = outcome.exception { span.recordError(exception) }
            span.setStatus(SpanStatus(code: .error, message: outcome.message ?? outcome.exception.map { "\($0)" }))
        }
        span.end()
    }
}

/// What the spans of a method's calls begin with.
private final class MethodSpan: Sendable {
    let name: String
    /// With room for the attributes of a call that goes well.
    let attributes: SpanAttributes
    let isOfOneMethod: Bool

    /// - Parameter method: Nil for those that a server doesn't have.
    init(_ method: MethodDescriptor?) {
        name = method?.description ?? Convention.grpc
        isOfOneMethod = method != nil
        var attributes: SpanAttributes = [:]
        attributes.reserveCapacity(6)
        attributes.set(Convention.system, value: .string(Convention.grpc))
        attributes.set(Convention.method, value: .string(method?.description ?? Convention.unknownMethod))
        self.attributes = attributes
    }
}

extension SpanAttributes {
    /// What a server knows of the client.
    mutating func describe(_ context: ServerContext) {
        let (address, port) = context.peer.addressAndPort
        set(Convention.peerAddress, value: .string(address))
        if let port { set(Convention.peerPort, value: .int64(Int64(port))) }
        if let attempts = context.metadata.previousAttempts {
            set(Convention.previousAttempts, value: .int64(Int64(attempts)))
        }
    }

    /// What a client knows of the server.
    mutating func describe(_ record: CallRecord) {
        if let server = record.server { set(Convention.peerAddress, value: .string(server)) }
        if record.attempts > 1 { set(Convention.previousAttempts, value: .int64(Int64(record.attempts - 1))) }
    }
}

/// Lets an instrument write into the metadata of a request. What it writes takes the place of what the caller wrote.
private struct MetadataInjector: Injector {
    func inject(_ value: String, forKey key: String, into metadata: inout Metadata) { metadata[key] = value }
}

/// Lets an instrument read the metadata of a request. A key's values are read as one list, as those of an HTTP field
/// are (RFC 9110, section 5.3).
private struct MetadataExtractor: Extractor {
    func extract(key: String, from metadata: Metadata) -> String? {
        let values = metadata.values(for: key)
        return values.count > 1 ? values.joined(separator: ",") : values.first
    }
}

extension Peer {
    /// The two halves of an address such as `127.0.0.1:51234` and `[::1]:51234`, or the path of a Unix-domain socket.
    var addressAndPort: (address: String, port: Int?) {
        if address.hasPrefix("unix:") { return (String(address.dropFirst(5)), nil) }
        let bytes = address.utf8
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
            let port = Int(address[bytes.index(after: colon)...])
        else {
            return (address, nil)
        }
        let host = address[..<colon]
        return (String(host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host), port)
    }
}
