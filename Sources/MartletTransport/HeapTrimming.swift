#if canImport(Glibc)
    private import Glibc
#endif

/// Gives the system back what the heap has free, once the memory of a burst of large messages isn't kept any more: glibc
/// would hold on to most of it (75 to 104 MB after 64 echoes of 1 MiB at a time; about 20 are in use).
///
/// It takes milliseconds, and so runs on the global pool.
enum HeapTrimming {
    static func begin() {
        #if canImport(Glibc)
            guard let trim else { return }
            Task.detached(priority: .background) { _ = trim(0) }
        #endif
    }

    #if canImport(Glibc)
        /// Found by its name, since Swift's module of glibc leaves its header out. Nil: this isn't glibc.
        ///
        /// Unsafe: the type is that of malloc_trim(3).
        private static let trim: (@convention(c) (Int) -> Int32)? = dlsym(nil, "malloc_trim").map {
            unsafeBitCast($0, to: (@convention(c) (Int) -> Int32).self)
        }
    #endif
}
