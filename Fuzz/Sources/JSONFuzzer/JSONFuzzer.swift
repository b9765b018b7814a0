private import FuzzDriver
private import MessageProperties

/// Arbitrary bytes as messages in JSON; see `JSONProperty`.
@main
enum JSONFuzzer {
    static func main() {
        _ = FuzzDriver.run { input in
            if let violation = JSONProperty.violation(input) { fatalError(violation) }
        }
    }
}
