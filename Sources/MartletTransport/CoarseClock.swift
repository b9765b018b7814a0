#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// Nanoseconds on a clock that never goes back, true to some 4 ms, which costs less to read than any other.
func coarseNanoseconds() -> UInt64 {
    #if canImport(Glibc)
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    #else
        clock_gettime_nsec_np(CLOCK_MONOTONIC_RAW_APPROX)
    #endif
}
