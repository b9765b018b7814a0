private import Foundation
private import FuzzDriver
private import MessageProperties

/// Arbitrary bytes as messages; see `BinaryProperty`.
///
/// With the arguments `print DIRECTORY` it doesn't search, but prints what Martlet makes of each file of a corpus, for
/// `compare.py`.
@main
enum MessageFuzzer {
    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 3, arguments[1] == "print" {
            try printCorpus(arguments[2])
        } else {
            _ = FuzzDriver.run { input in
                if let violation = BinaryProperty.violation(input) { fatalError(violation) }
            }
        }
    }

    private static func printCorpus(_ directory: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let input = try Data(contentsOf: URL(filePath: "\(directory)/\(name)"))
            if let reading = input.withUnsafeBytes({ BinaryProperty.reading($0) }) { print(reading) }
        }
    }
}
