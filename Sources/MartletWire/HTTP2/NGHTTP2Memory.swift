internal import CNghttp2

#if canImport(Glibc)
    private import Glibc
#else
    private import Darwin
#endif

/// The memory that nghttp2 works with: six blocks for each call, which it gives back at the call's end. They are kept for
/// the next calls, thread by thread. malloc keeps seven of a size, and with more calls at once its slow path took 6 % of a
/// server's instructions.
///
/// Unsafe: a block begins with the number of its list, or with the next free block while it is in one. A thread's lists are
/// its own; a block may be given back on another thread than it was taken on, and is in that one's list then.
enum NGHTTP2Memory {
    /// For `nghttp2_session_…_new3`, which copies them.
    static let functions = Functions()

    /// Unchecked: nothing is written to after it was made. It lives on with the process.
    final class Functions: @unchecked Sendable {
        let pointer = UnsafeMutablePointer<nghttp2_mem>.allocate(capacity: 1)
        private let key = UnsafeMutablePointer<pthread_key_t>.allocate(capacity: 1)

        fileprivate init() {
            let code = pthread_key_create(key) { lists in
                let lists: UnsafeMutableRawPointer? = lists
                if let lists { FreeLists(lists).deallocate() }
            }
            precondition(code == 0, "pthread_key_create failed with code \(code)")
            pointer.initialize(
                to: nghttp2_mem(
                    mem_user_data: UnsafeMutableRawPointer(key), malloc: { FreeLists.of($1).take($0) },
                    free: { FreeLists.of($1).giveBack($0) },
                    // nghttp2 asks for its own structures so, whose sizes don't overflow.
                    calloc: { count, size, key in
                        FreeLists.of(key).take(count * size).map { memset($0, 0, count * size) }
                    },
                    realloc: { FreeLists.of($2).resize($0, $1) }))
        }
    }
}

/// The free blocks of a thread, by their size.
private struct FreeLists {
    /// Lists have blocks of so many bytes, twice as many, and so on.
    private static let unit = 32
    /// List 0 stands for larger blocks, which aren't kept.
    private static let count = 32
    /// Blocks of a size that are kept: at most 4 MiB of all sizes for a thread.
    private static let keptBlocks = 256
    /// Of a block: as long as memory is aligned.
    private static let header = 16

    private struct List {
        var first: UnsafeMutableRawPointer?
        var count = 0
    }

    private let lists: UnsafeMutablePointer<List>

    init(_ lists: UnsafeMutableRawPointer) { self.lists = lists.assumingMemoryBound(to: List.self) }

    // MARK: - Threads

    /// Those of this thread; at its end their blocks go back to malloc.
    ///
    /// - Parameter key: Where a thread has them. nghttp2 hands it over, which spares asking whether there is one.
    @inline(__always)
    static func of(_ key: UnsafeMutableRawPointer?) -> FreeLists {
        let key = key.unsafelyUnwrapped.load(as: pthread_key_t.self)
        guard let lists = pthread_getspecific(key) else { return make(key) }
        return FreeLists(lists)
    }

    private static func make(_ key: pthread_key_t) -> FreeLists {
        let lists = UnsafeMutablePointer<List>.allocate(capacity: count)
        lists.initialize(repeating: List(), count: count)
        pthread_setspecific(key, lists)
        return FreeLists(UnsafeMutableRawPointer(lists))
    }

    func deallocate() {
        for list in 1..<Self.count {
            while let block = pop(list) { free(block) }
        }
        lists.deallocate()
    }

    // MARK: - Blocks

    @inline(__always)
    func take(_ size: Int) -> UnsafeMutableRawPointer? {
        let units = (size + Self.header + Self.unit - 1) / Self.unit
        let list = units < Self.count ? units : 0
        guard let block = (list > 0 ? pop(list) : nil) ?? malloc(units * Self.unit) else { return nil }
        block.storeBytes(of: list, as: Int.self)
        return block + Self.header
    }

    @inline(__always)
    func giveBack(_ memory: UnsafeMutableRawPointer?) {
        guard let memory else { return }
        let block = memory - Self.header
        let list = block.load(as: Int.self)
        guard list > 0, lists[list].count < Self.keptBlocks else { return free(block) }
        block.storeBytes(of: lists[list].first, as: UnsafeMutableRawPointer?.self)
        lists[list].first = block
        lists[list].count += 1
    }

    private func pop(_ list: Int) -> UnsafeMutableRawPointer? {
        guard let block = lists[list].first else { return nil }
        lists[list].first = block.load(as: UnsafeMutableRawPointer?.self)
        lists[list].count -= 1
        return block
    }

    func resize(_ memory: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
        guard let memory else { return take(size) }
        let block = memory - Self.header
        let list = block.load(as: Int.self)
        // A large block stays one, however small it becomes.
        if list == 0 { return realloc(block, size + Self.header).map { $0 + Self.header } }
        let room = list * Self.unit - Self.header
        if size <= room { return memory }
        guard let new = take(size) else { return nil }
        new.copyMemory(from: memory, byteCount: room)
        giveBack(memory)
        return new
    }
}
