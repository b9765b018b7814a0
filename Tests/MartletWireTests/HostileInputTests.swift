import MartletCore
import MartletWire
import NIOCore
import Testing

/// Seeded random damage to honest conversations: the machines must neither trap nor loop, nor lose count.
struct HostileInputTests {
    static let rounds = 3000

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func server(seed: UInt64) {
        var random = SplitMix(state: seed)
        let honest =
            hello + frame(0x01, stream: 1, ServerInputTests.ping + bytes("20 e8 07 2a 06 0a 01 'k' 12 01 'v'"))
            + frame(0x12, stream: 1, "08 01") + frame(0x77, stream: 1, "00 01") + frame(0x01, stream: 3, "33 08 01 34")
            + frame(0x15, stream: 0, "08 03 10 01 1a 03 'bye'")
        for _ in 0..<Self.rounds {
            let input = honest.damaged(&random)
            var machine = ServerWire(
                limits: WireLimits(maxFrameBytes: 20_000), implementation: NativeImplementation(name: "", version: "")
            )
            var buffer = ByteBuffer()
            var output = ByteBuffer()
            var open: [UInt32] = []
            for part in input.parts(&random) {
                buffer.writeBytes(part)
                var events = 0
                while let event = machine.next(&buffer, output: &output) {
                    events += 1
                    guard case .request(let request) = event else { continue }
                    open.append(request.stream)
                    #expect((request.message?.bytes.readableBytes ?? 0) <= input.count)
                    if Bool.random(using: &random) {
                        machine.respond(stream: open.removeLast(), payloadSize: 0, trailers: [:], into: &output) { _ in
                        }
                    }
                }
                // No frame gives more than two events.
                #expect(events <= input.count / 5 + 1)
            }
            #expect(machine.openStreams == open.count)
            for stream in open { machine.fail(stream: stream, RPCError(.internalError, ""), into: &output) }
            #expect(machine.openStreams == 0)
            // What we say is well-formed whatever we hear.
            #expect(!render(frames: output).contains { $0.hasSuffix("malformed") || $0.hasSuffix("short") })
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func client(seed: UInt64) {
        var random = SplitMix(state: seed)
        let honest =
            hello + frame(0x02, stream: 1, "12 04 'pong' a2 06 06 0a 01 'k' 12 01 'v'")
            + frame(0x02, stream: 5, "0a 0e 08 05 12 01 'x' 1a 07 0a 01 'A' 12 02 01 02 a8 06 01")
            + frame(0x15, stream: 0, "08 03 1a 03 'bye'") + frame(0x02, stream: 3, "12 01 'x'")
        for _ in 0..<Self.rounds {
            let input = honest.damaged(&random)
            var machine = ClientWire(
                limits: WireLimits(maxFrameBytes: 20_000), implementation: NativeImplementation(name: "", version: "")
            )
            var buffer = ByteBuffer()
            var output = ByteBuffer()
            machine.start(into: &output)
            for _ in 0..<3 { _ = machine.send("Get", into: &output) }
            var responses = 0
            for part in input.parts(&random) {
                buffer.writeBytes(part)
                var events = 0
                while let event = machine.next(&buffer, output: &output) {
                    events += 1
                    if case .response = event { responses += 1 }
                }
                #expect(events <= input.count / 10 + 1)
            }
            #expect(machine.openStreams == 3 - responses)
            #expect(!render(frames: output).contains { $0.hasSuffix("malformed") || $0.hasSuffix("short") })
        }
    }
}

/// A small generator whose sequence is the same everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

extension [UInt8] {
    /// With a few bytes changed, removed, doubled or put in, most often behind the first frame.
    func damaged(_ random: inout SplitMix) -> [UInt8] {
        var result = self
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let start = Int.random(in: 0..<8, using: &random) == 0 ? 0 : 12
            guard result.count > start else { break }
            let index = Int.random(in: start..<result.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: result[index] = UInt8.random(in: 0...255, using: &random)
            case 1: result[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: result[index] = [0x00, 0x01, 0x7F, 0x80, 0xFF].randomElement(using: &random)!
            case 3: result.remove(at: index)
            case 4: result.insert(UInt8.random(in: 0...255, using: &random), at: index)
            default: result.insert(contentsOf: result[index...].prefix(20), at: index)
            }
        }
        return result
    }

    func parts(_ random: inout SplitMix) -> [ArraySlice<UInt8>] {
        let cut = Int.random(in: 0...count, using: &random)
        return [self[..<cut], self[cut...]]
    }
}
