/// Asks several at once and takes the first that succeeds. The others are cancelled.
///
/// ```swift
/// let user = try await firstOf(replicas) { replica in try await replica.getUser(.init(id: "u-1")) }
/// ```
///
/// - Parameters:
///   - candidates: At least one. ``ClientChannel/endpointInvokers`` has one for each endpoint of a channel.
///   - body: Runs for each, side by side.
/// - Returns: When the first has succeeded and the others have ended.
/// - Throws: ``FanOutError`` with all errors when none succeeds; `CancellationError` when the task is cancelled.
public nonisolated(nonsending) func firstOf<Candidate: Sendable, Result: Sendable>(
    _ candidates: [Candidate], _ body: @escaping @Sendable (Candidate) async throws -> Result
) async throws -> Result {
    try await quorum(1, of: candidates, body)[0]
}

/// Asks several at once and takes the first that succeed, as many as are needed. The others are cancelled, and all are as
/// soon as so many can't succeed any more.
///
/// - Parameters:
///   - needed: Default: more than half.
///   - candidates: Not fewer than are needed.
///   - body: Runs for each, side by side.
/// - Returns: The results in the order in which they came.
/// - Throws: ``FanOutError`` with the errors when too few succeed; `CancellationError` when the task is cancelled.
public nonisolated(nonsending) func quorum<Candidate: Sendable, Result: Sendable>(
    _ needed: Int? = nil, of candidates: [Candidate], _ body: @escaping @Sendable (Candidate) async throws -> Result
) async throws -> [Result] {
    let needed = needed ?? candidates.count / 2 + 1
    precondition(needed > 0, "a quorum is at least one")
    var results: [Result] = []
    var errors: [any Error] = []
    if needed <= candidates.count {
        await withTaskGroup(of: Swift.Result<Result, any Error>.self) { group in
            for candidate in candidates {
                group.addTask {
                    do { return .success(try await body(candidate)) } catch { return .failure(error) }
                }
            }
            while results.count < needed, errors.count <= candidates.count - needed, let next = await group.next() {
                switch next {
                case .success(let result): results.append(result)
                case .failure(let error): errors.append(error)
                }
            }
            group.cancelAll()
        }
    }
    if results.count == needed { return results }
    try Task.checkCancellation()
    throw FanOutError(needed: needed, asked: candidates.count, succeeded: results.count, errors: errors)
}

/// Asks several at once and waits for all of them.
///
/// - Parameters:
///   - candidates: Any number.
///   - body: Runs for each, side by side.
/// - Returns: What each said, in the candidates' order.
public nonisolated(nonsending) func broadcast<Candidate: Sendable, Result: Sendable>(
    to candidates: [Candidate], _ body: @escaping @Sendable (Candidate) async throws -> Result
) async -> [Swift.Result<Result, any Error>] {
    await withTaskGroup(of: (Int, Swift.Result<Result, any Error>).self) { group in
        for (index, candidate) in candidates.enumerated() {
            group.addTask {
                do { return (index, .success(try await body(candidate))) } catch { return (index, .failure(error)) }
            }
        }
        return await group.reduce(into: [Swift.Result<Result, any Error>?](repeating: nil, count: candidates.count)) {
            $0[$1.0] = $1.1
        }.map { $0! }
    }
}

/// Too few of those that were asked have succeeded.
public struct FanOutError: Error, Sendable, CustomStringConvertible {
    /// How many had to succeed.
    public let needed: Int
    /// How many there were.
    public let asked: Int
    /// How many had done so.
    public let succeeded: Int
    /// What the others said, in the order in which they failed.
    public let errors: [any Error]

    public var description: String {
        let last = errors.last.map { "; the last error: \($0)" } ?? ""
        return "\(succeeded) of \(asked) succeeded, and \(needed) were needed; \(errors.count) failed\(last)"
    }
}
