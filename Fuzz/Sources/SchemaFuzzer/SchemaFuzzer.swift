private import FuzzDriver
private import SchemaProperties

/// Arbitrary text as a `.proto` file; see `SchemaProperty`.
@main
enum SchemaFuzzer {
    static func main() {
        _ = FuzzDriver.run { input in
            if let violation = SchemaProperty.violation(input) { fatalError(violation) }
        }
    }
}
