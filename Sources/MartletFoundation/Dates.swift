public import Foundation
public import MartletMessages

extension GoogleProtobuf.Timestamp {
    /// As exact as a `Date`, which counts seconds in a Double: to about 100 ns in these decades.
    public init(_ date: Date) {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        let nanos = ((date.timeIntervalSince1970 - seconds) * 1e9).rounded(.down)
        self.init(seconds: Int64(seconds), nanos: Int32(nanos))
    }
}

extension Date {
    /// As exact as a `Date`, which counts seconds in a Double: to about 100 ns in these decades.
    public init(_ timestamp: GoogleProtobuf.Timestamp) {
        self.init(timeIntervalSince1970: Double(timestamp.seconds) + Double(timestamp.nanos) / 1e9)
    }
}
