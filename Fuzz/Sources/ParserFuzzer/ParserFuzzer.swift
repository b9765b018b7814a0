private import FuzzDriver
private import MessageProperties

/// Martlet's own parser beside libprotobuf-c; see `ParserProperty`.
@main
enum ParserFuzzer {
    static func main() {
        _ = FuzzDriver.run { input in
            if let violation = ParserProperty.violation(input) { fatalError(violation) }
        }
    }
}
