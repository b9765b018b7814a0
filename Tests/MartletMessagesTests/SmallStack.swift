import Foundation

/// Runs something on a thread with a stack of that size.
func onThread<Value: Sendable, Failure: Error>(
    _ kibibytes: Int, _ body: @escaping @Sendable () throws(Failure) -> Value
) async -> Result<Value, Failure> {
    await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: Result { () throws(Failure) in try body() }) }
        thread.stackSize = kibibytes << 10
        thread.start()
    }
}
