/// libFuzzer's loop around a Swift function (https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library).
///
/// SwiftPM gives every executable a main function of its own, which takes the place of libFuzzer's.
public enum FuzzDriver {
    /// Set once, before the loop begins, on the only thread.
    nonisolated(unsafe) fileprivate static var test: (UnsafeRawBufferPointer) -> Void = { _ in }

    /// Calls `test` with what libFuzzer makes of the program's arguments, until it finds a crash or its time is up.
    /// A trap is a crash.
    public static func run(_ test: @escaping (UnsafeRawBufferPointer) -> Void) -> CInt {
        self.test = test
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        return runDriver(&count, &arguments, testOneInput)
    }
}

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ argumentCount: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The linker asks for this name, although it is the driver that calls it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzDriver.test(UnsafeRawBufferPointer(start: start, count: count))
    return 0
}
