private import FuzzDriver
private import WireProperties

/// What an HTTP/2 client may send; see `HTTP2Property`.
@main
enum HTTP2Fuzzer {
    static func main() {
        _ = FuzzDriver.run { input in
            if let violation = HTTP2Property.violation(input) { fatalError(violation) }
        }
    }
}
