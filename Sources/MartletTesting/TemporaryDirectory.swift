#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// The user's directory for files that needn't last.
func temporaryDirectory() -> String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }
