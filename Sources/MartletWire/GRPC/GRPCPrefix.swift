/// What stands before each gRPC message: whether it is compressed, and its length.
struct GRPCPrefix {
    static let byteCount = 5

    let length: Int
    let isCompressed: Bool

    /// `memory` has room for it.
    @inline(__always)
    func write(to memory: UnsafeMutableRawBufferPointer) {
        memory.storeBytes(of: isCompressed ? 1 : 0, as: UInt8.self)
        memory.storeBytes(of: UInt32(truncatingIfNeeded: length).bigEndian, toByteOffset: 1, as: UInt32.self)
    }
}
