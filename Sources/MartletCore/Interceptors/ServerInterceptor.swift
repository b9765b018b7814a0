/// The rest of a call at a server: the interceptors that follow, then the handler.
public typealias ServerNext = nonisolated(nonsending) () async throws -> Void

/// Runs around the handlers of a server, for calls of every shape.
///
/// Interceptors run in the order in which they are listed: the server's own first
/// (`ServerConfiguration.interceptors`), then the service's (`service.intercepted(by:)`), then the handler. What they do
/// after `next` happens in the opposite order.
///
/// - To change metadata, set ``ServerContext/metadata`` before `next`, and ``ServerContext/initialMetadata`` or
///   ``ServerContext/trailingMetadata`` at any time before they are sent.
/// - To change messages, call ``ServerContext/mapRequests(_:)`` and ``ServerContext/mapResponses(_:)`` before `next`.
/// - To change the outcome, throw, with or without calling `next`, or catch what `next` throws and throw something else.
///   The only response of a method that has one is sent when all interceptors have returned, so an error takes its
///   place; messages of a stream are sent as they are written.
public protocol ServerInterceptor: Sendable {
    /// Runs around one handler, where that runs.
    ///
    /// - Throws: What the client gets as the call's outcome; errors that aren't ``RPCError`` as UNKNOWN, without their
    /// text.
    nonisolated(nonsending) func intercept(_ context: ServerContext, next: ServerNext) async throws
}

extension Array where Element == any ServerInterceptor {
    /// Runs `handler` inside of the interceptors. One alone gets it directly.
    @inlinable @inline(__always)
    package nonisolated(nonsending) func run(_ context: ServerContext, _ handler: ServerNext) async throws {
        if count == 1 { return try await self[0].intercept(context, next: handler) }
        try await run(context, from: 0, handler)
    }

    @usableFromInline
    nonisolated(nonsending) func run(
        _ context: ServerContext, from position: Int, _ handler: ServerNext
    ) async throws {
        if position == count { return try await handler() }
        try await self[position].intercept(context) {
            try await run(context, from: position + 1, handler)
        }
    }
}
