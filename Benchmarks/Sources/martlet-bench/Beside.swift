import BenchmarkAPI
import Martlet

/// Makes one small call after another while calls of 100 MiB go on beside them, on the same connection to a pooled server.
/// Prints "large_calls small_calls median_ms 99_percent_ms longest_ms", the times of the small ones.
func callBesideLarge(_ users: UserServiceClient, seconds: Double) async throws {
    let end = ContinuousClock.now + .seconds(seconds)
    async let large = callEcho(users, of: 100 << 20, until: end)
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
