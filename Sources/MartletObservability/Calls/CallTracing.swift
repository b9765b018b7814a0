internal import MartletCore
internal import Tracing

/// Makes the spans of calls, and carries what belongs to their traces.
struct CallTracing {
    private let side: CallSide
    private let instrument: any Instrument
    private let tracer: (any Tracer)?

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
        let span: any Span = tracer.startSpan(
            isKnown ? method.description : Convention.grpc, context: context,
            ofKind: side == .client ? .client : .server)
        guard span.isRecording else { return span }
        span.updateAttributes { attributes in
            attributes[Convention.system] = Convention.grpc
            attributes[Convention.method] = isKnown ? method.description : Convention.unknownMethod
            if !isKnown { attributes[Convention.originalMethod] = method.description }
        }
        return span
    }

    /// Adds what a server knows of the client.
    func describe(_ context: ServerContext, in span: any Span) {
        guard span.isRecording else { return }
        let (address, port) = context.peer.addressAndPort
        span.updateAttributes { attributes in
            attributes[Convention.peerAddress] = address
            if let port { attributes[Convention.peerPort] = port }
            if let attempts = context.metadata.previousAttempts { attributes[Convention.previousAttempts] = attempts }
        }
    }

    /// Adds what a client knows of the server.
    func describe(_ record: CallRecord, in span: any Span) {
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            if let server = record.server { attributes[Convention.peerAddress] = server }
            if record.attempts > 1 { attributes[Convention.previousAttempts] = record.attempts - 1 }
        }
    }

    /// A status that counts as an error at this side marks the span as failed
    /// (https://opentelemetry.io/docs/specs/semconv/general/recording-errors/).
    func end(_ span: any Span, _ outcome: CallOutcome) {
        let isError = side.isError(outcome.code)
        if span.isRecording {
            span.updateAttributes { attributes in
                attributes[Convention.statusCode] = outcome.code.name
                if isError { attributes[Convention.errorType] = outcome.code.name }
            }
        }
        if isError {
            if let exception = outcome.exception { span.recordError(exception) }
            span.setStatus(SpanStatus(code: .error, message: outcome.message ?? outcome.exception.map { "\($0)" }))
        }
        span.end()
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
        guard let colon = address.lastIndex(of: ":"), let port = Int(address[address.index(after: colon)...]) else {
            return (address, nil)
        }
        let host = address[..<colon]
        return (String(host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host), port)
    }
}
