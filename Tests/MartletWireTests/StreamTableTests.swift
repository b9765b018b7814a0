import MartletWire
import Testing

@Suite struct StreamTableTests {
    /// Compared with a dictionary over a long seeded run in which some streams stay open for long.
    @Test(arguments: [1, 2, 3])
    func agreesWithADictionary(seed: UInt64) {
        var random = SplitMix(state: seed)
        var table = StreamTable<Int>()
        var model: [UInt32: Int] = [:]
        var next: UInt32 = 1
        for step in 0..<20_000 {
            if Bool.random(using: &random) || model.isEmpty {
                table.insert(step, stream: next)
                model[next] = step
                next += 2
            } else {
                let recent = model.keys.max()!
                let stream = Int.random(in: 0..<50, using: &random) == 0 ? model.keys.min()! : recent
                #expect(table.remove(stream) == model.removeValue(forKey: stream))
            }
            #expect(table.count == model.count)
        }
        for stream in stride(from: UInt32(1), to: next, by: 2) { #expect(table[stream] == model[stream]) }
        #expect(Dictionary(uniqueKeysWithValues: table.entries.map { ($0.stream, $0.value) }) == model)
        let all = table.removeAll()
        #expect(all.count == model.count)
        #expect(table.isEmpty)
    }

    @Test func oneLongCallBesideManyShortOnes() {
        var table = StreamTable<String>()
        table.insert("long", stream: 1)
        for stream in stride(from: UInt32(3), to: 100_000, by: 2) {
            table.insert("short", stream: stream)
            #expect(table.remove(stream) == "short")
        }
        #expect(table[1] == "long")
        #expect(table.count == 1)
    }

    @Test func unknownStreamsAreNil() {
        var table = StreamTable<Int>()
        #expect(table[1] == nil)
        #expect(table.remove(1) == nil)
        table.insert(1, stream: 5)
        #expect(table[37] == nil)
        #expect(table.remove(37) == nil)
        #expect(table.count == 1)
    }
}
