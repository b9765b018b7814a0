private import FuzzDriver
private import WireProperties

/// Arbitrary bytes as what gRPC puts into HTTP/2; see `GRPCProperty`.
@main
enum GRPCFuzzer {
    static func main() {
        _ = FuzzDriver.run { input in
            if let violation = GRPCProperty.violation(input) { fatalError(violation) }
        }
    }
}
