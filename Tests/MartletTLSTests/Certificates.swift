import Foundation

/// Files that `Tests/Peers/certificates.sh` makes, once for all tests: NAME.pem and NAME.key for each of its names.
enum Certificates {
    static let openssl: String? = ["/usr/bin/openssl", "/opt/homebrew/bin/openssl", "/usr/local/bin/openssl"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    static let missing = "the command openssl is missing"

    private static let directory: URL = {
        let directory = FileManager.default.temporaryDirectory.appending(path: "martlet-tls-\(UUID())")
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Peers/certificates.sh")
        do {
            try? FileManager.default.removeItem(at: directory)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let process = Process()
            process.executableURL = script
            process.arguments = [directory.path]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { fatalError("\(script.path) failed") }
        } catch {
            fatalError("\(script.path): \(error)")
        }
        return directory
    }()

    static func chain(_ name: String) -> String { directory.appending(path: "\(name).pem").path }
    static func key(_ name: String) -> String { directory.appending(path: "\(name).key").path }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
}
