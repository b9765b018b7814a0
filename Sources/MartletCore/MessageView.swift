/// A message that is read in place: a field's Swift value is made when it is asked for, or never.
///
/// A view can't be copied. What lends one out (``withView(serialized:limits:_:)``, a handler's request, a property for
/// a nested message) takes it back, and keeping it is an error that the compiler finds. One made with `init` is the
/// caller's own, for as long as needed and in any task.
public protocol MessageView: ~Copyable, Sendable {
    /// The message that it shows.
    associatedtype ViewedMessage: Message

    /// A view that keeps the message's content alive. The bytes are free to go when this returns.
    init(serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits) throws(DecodingError)

    /// Lends `body` a view whose content lies in the thread's scratch memory, which allocates nothing.
    ///
    /// - Throws: ``DecodingError``, and what `body` throws.
    static func withView<R>(
        serialized bytes: UnsafeRawBufferPointer, limits: DecodingLimits, _ body: (borrowing Self) throws -> R
    ) throws -> R
}

extension MessageView where Self: ~Copyable {
    /// A view that keeps the message's content alive.
    @inlinable
    public init(serialized bytes: [UInt8], limits: DecodingLimits = .default) throws(DecodingError) {
        self = try bytes.span.withUnsafeBufferPointer { (bytes) throws(DecodingError) in
            try Self(serialized: UnsafeRawBufferPointer(bytes), limits: limits)
        }
    }

    /// Lends `body` a view whose content lies in the thread's scratch memory, which allocates nothing.
    ///
    /// - Throws: ``DecodingError``, and what `body` throws.
    @inlinable
    public static func withView<R>(
        serialized bytes: [UInt8], limits: DecodingLimits = .default, _ body: (borrowing Self) throws -> R
    ) throws -> R {
        try bytes.withUnsafeBufferPointer { bytes in
            try withView(serialized: UnsafeRawBufferPointer(bytes), limits: limits, body)
        }
    }
}
