#if canImport(Darwin)
    internal import Darwin
#else
    internal import CProtobufC
    internal import Glibc
#endif

/// The arenas of one thread, and the bounds of its stack. Encoding and decoding are synchronous, so that a thread
/// needs one arena; calls that nest (a message encoded inside the `body` of another's `withSerialized`) take
/// further ones.
private struct ThreadArenas {
    var unused: Arena?
    let stackFloor: UInt

    /// Keeps clear of the stack's end: what libprotobuf-c, a reader and an error need below the last check.
    private static let stackReserve: UInt = 24 << 10

    init() { stackFloor = Self.stackEnd + Self.stackReserve }

    /// The lowest address of this thread's stack.
    private static var stackEnd: UInt {
        #if canImport(Darwin)
            let thread = pthread_self()
            return UInt(bitPattern: pthread_get_stackaddr_np(thread)) - UInt(pthread_get_stacksize_np(thread))
        #else
            var attributes = pthread_attr_t()
            var start: UnsafeMutableRawPointer?
            var size = 0
            let code = pthread_getattr_np(pthread_self(), &attributes)
            precondition(code == 0, "pthread_getattr_np failed with code \(code)")
            defer { pthread_attr_destroy(&attributes) }
            pthread_attr_getstack(&attributes, &start, &size)
            return UInt(bitPattern: start)
        #endif
    }

    static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key) { pointer in
            let arenas: UnsafeMutableRawPointer? = pointer
            arenas?.assumingMemoryBound(to: ThreadArenas.self).pointee.deallocate()
            arenas?.deallocate()
        }
        precondition(code == 0, "pthread_key_create failed with code \(code)")
        return key
    }()

    static var current: UnsafeMutablePointer<ThreadArenas> {
        if let arenas = pthread_getspecific(key) { return arenas.assumingMemoryBound(to: ThreadArenas.self) }
        let arenas = UnsafeMutablePointer<ThreadArenas>.allocate(capacity: 1)
        arenas.initialize(to: ThreadArenas())
        pthread_setspecific(key, arenas)
        return arenas
    }

    private mutating func deallocate() {
        while let arena = unused {
            unused = arena.state.pointee.next
            arena.deallocate()
        }
    }
}

extension Arena {
    /// An unused, empty arena of this thread. Give it back on the same thread.
    @usableFromInline
    static func take() -> Arena {
        let arenas = ThreadArenas.current
        guard let arena = arenas.pointee.unused else {
            let arena = Arena()
            arena.state.pointee.stackFloor = arenas.pointee.stackFloor
            arena.state.pointee.home = UnsafeMutableRawPointer(arenas)
            return arena
        }
        arenas.pointee.unused = arena.state.pointee.next
        return arena
    }

    /// An arena that no thread keeps, for the caller to deallocate. Only this thread may decode into it.
    static func makeOwned() -> Arena {
        let arena = Arena()
        arena.state.pointee.stackFloor = ThreadArenas.current.pointee.stackFloor
        return arena
    }

    @usableFromInline
    func giveBack() {
        reset()
        guard let arenas = state.pointee.home?.assumingMemoryBound(to: ThreadArenas.self) else {
            preconditionFailure("an arena is given back that no thread keeps")
        }
        state.pointee.next = arenas.pointee.unused
        arenas.pointee.unused = self
    }
}
