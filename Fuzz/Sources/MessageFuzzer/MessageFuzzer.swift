private import FuzzDriver
private import MessageProperties

/// Arbitrary bytes as messages; see `BinaryProperty`.
@main
enum MessageFuzzer {
    static func main() {
        _ = FuzzDriver.run { input in
            if let violation = BinaryProperty.violation(input) { fatalError(violation) }
        }
    }
}
