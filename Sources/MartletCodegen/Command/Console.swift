internal import MartletCore

#if canImport(Glibc)
    private import Glibc
#elseif canImport(Musl)
    private import Musl
#else
    private import Darwin
#endif

/// The version that the tools report.
package let martletVersion = MartletVersion.current

extension GenerateCommand {
    /// Runs and tells people about it: errors and warnings on the standard error, with `isVerbose` the files on the
    /// standard output.
    ///
    /// - Returns: the exit code: 0, or 1 where anything was wrong with the input or could not be written.
    package func runOnConsole(isVerbose: Bool) -> Int32 {
        let report = run()
        for message in report.warnings + report.errors { Console.error(message) }
        if isVerbose {
            for path in report.written { print("wrote \(path)") }
            for path in report.unchanged { print("unchanged \(path)") }
        }
        return report.errors.isEmpty ? 0 : 1
    }
}

package enum Console {
    /// Writes a line to the standard error.
    package static func error(_ message: String) {
        // Not `fputs(_:stderr)`: the C variable `stderr` is not safe to use from several threads.
        _ = write(Array("\(message)\n".utf8), to: STDERR_FILENO)
    }

    /// Returns false where the other side takes no more.
    package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes
            while !rest.isEmpty {
                let count = systemWrite(descriptor, rest.baseAddress!, rest.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return false }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return true
        }
    }
}

/// `write(2)`, whose name ``Console/write(_:to:)`` hides inside the type.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
