#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Since some moment in the past. Reading it takes about 25 ns, which every call pays.
func monotonicNanoseconds() -> UInt64 { read(CLOCK_MONOTONIC) }

/// That all threads of this process have taken.
func cpuSeconds() -> Double { Double(read(CLOCK_PROCESS_CPUTIME_ID)) * 1e-9 }

private func read(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
