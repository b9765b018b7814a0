import BenchmarkAPI
import Martlet

/// Makes one small call after another while calls of 100 MiB go on beside them, on the same connection, of a pooled server,
/// and prints
/// "large_calls small_calls median_ms 99_percent_ms longest_ms" of the small ones.
func callBesideLarge(_ users: UserServiceClient, seconds: Double) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    async let large = callLarge(users, until: end)
    var times: [Duration] = []
    while ContinuousClock.now < end {
        times.append(
            try await ContinuousClock().measure {
                _ = try await users.getUser(GetUserRequest(id: "user-000042"))
            })
        try await Task.sleep(for: .milliseconds(1))
    }
    times.sort()
    func milliseconds(_ time: Duration) -> Double { (time / .milliseconds(1) * 1000).rounded() / 1000 }
    print(
        try await large, times.count, milliseconds(times[times.count / 2]), milliseconds(times[times.count * 99 / 100]),
        milliseconds(times[times.count - 1]))
}

private func callLarge(_ users: UserServiceClient, until end: ContinuousClock.Instant) async throws -> Int {
    let blob = Blob(content: [UInt8](repeating: 0xA5, count: 100 << 20))
    var calls = 0
    while ContinuousClock.now < end {
        let answer = try await users.echo(blob)
        precondition(answer.content.count == blob.content.count)
        calls += 1
    }
    return calls
}
