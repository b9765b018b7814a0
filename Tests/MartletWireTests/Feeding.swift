import MartletWire
import NIOCore

/// How bytes reach a machine: however they are cut, the outcome must be the same.
enum Feeding: CustomStringConvertible {
    case whole
    case byteByByte
    /// In two parts, the first of so many bytes.
    case split(Int)
    /// Never more bytes than the machine says it needs.
    case asNeeded

    static func all(for input: [UInt8]) -> [Feeding] {
        [.whole, .byteByByte, .asNeeded] + input.indices.dropFirst().map { .split($0) }
    }

    /// The size of the next part.
    func count(after fed: Int, of total: Int, needed: Int) -> Int {
        switch self {
        case .whole: total
        case .byteByByte: 1
        case .split(let position): fed == 0 ? position : total - position
        case .asNeeded: min(needed, total - fed)
        }
    }

    var description: String {
        switch self {
        case .whole: "whole"
        case .byteByByte: "byte by byte"
        case .split(let position): "split at \(position)"
        case .asNeeded: "as needed"
        }
    }
}

/// What a machine made of some bytes.
struct Outcome: Equatable {
    var events: [String] = []
    var replies: [String] = []
}

/// What both machines have, so that tests can drive either.
protocol Machine: ~Copyable {
    associatedtype Event
    var bytesNeeded: Int { get }
    mutating func next(_ input: inout ByteBuffer, output: inout ByteBuffer) -> Event?
    static func render(_ event: Event) -> [String]
}

extension ServerWire: Machine {
    mutating func pump(into output: inout ByteBuffer, room: Int) {
        var slices = OutputSlices(room: room)
        pump(into: &output, &slices, room: room)
        output = slices.joined(with: output)
    }

    static func render(_ event: ServerWireEvent) -> [String] {
        guard case .messages(let stream, let messages) = event else { return [describe(event)] }
        return render(messages, of: stream)
    }
}

extension ClientWire: Machine {
    mutating func pump(into output: inout ByteBuffer, room: Int) {
        var slices = OutputSlices(room: room)
        pump(into: &output, &slices, room: room)
        output = slices.joined(with: output)
    }

    static func render(_ event: ClientWireEvent) -> [String] {
        guard case .messages(let stream, let messages) = event else { return [describe(event)] }
        return render(messages, of: stream)
    }
}

extension Machine where Self: ~Copyable {
    /// As if they had come one by one.
    static func render(_ messages: MessageRun, of stream: UInt32) -> [String] {
        var rest = messages
        var texts: [String] = []
        while let message = rest.popFirst() {
            texts.append(describe(ClientWireEvent.message(stream: stream, message)))
        }
        return texts
    }
}

extension OutputSlices {
    consuming func joined(with output: ByteBuffer) -> ByteBuffer {
        var joined = ByteBuffer()
        gather(with: output) { joined.writeImmutableBuffer($0) }
        return joined
    }
}

func feed<M: Machine & ~Copyable>(_ input: [UInt8], _ feeding: Feeding, to machine: inout M) -> Outcome {
    var outcome = Outcome()
    var output = ByteBuffer()
    var buffer = ByteBuffer()
    var fed = 0
    while fed < input.count {
        let count = feeding.count(after: fed, of: input.count, needed: max(1, machine.bytesNeeded))
        buffer.writeBytes(input[fed..<fed + count])
        fed += count
        while let event = machine.next(&buffer, output: &output) { outcome.events += M.render(event) }
        buffer.discardReadBytes()
    }
    outcome.replies = render(frames: output)
    return outcome
}
