internal import Dispatch

extension Array where Element: Sendable {
    /// `map`, with as many elements at a time as the machine has cores. The results keep the order of the elements.
    func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
        [Result](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            // Safe: every iteration initializes another element, and all are done when `concurrentPerform` returns.
            nonisolated(unsafe) let results = buffer
            DispatchQueue.concurrentPerform(iterations: count) { index in
                results.initializeElement(at: index, to: transform(self[index]))
            }
            initializedCount = count
        }
    }
}
