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
        var line = "\(message)\n"
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = write(STDERR_FILENO, rest.baseAddress, rest.count)
                if count <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
