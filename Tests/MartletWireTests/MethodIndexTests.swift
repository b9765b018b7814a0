import MartletWire
import NIOCore
import Testing

struct MethodIndexTests {
    private func position(in index: MethodIndex, _ service: String, _ method: String) -> Int? {
        var machine = ServerWire(implementation: NativeImplementation(name: "", version: ""))
        var input = ByteBuffer(bytes: hello + frame(0x01, stream: 1, field(1, service) + field(2, method)))
        var output = ByteBuffer()
        _ = machine.next(&input, output: &output)
        guard case .request(let request) = machine.next(&input, output: &output) else {
            Issue.record("no request")
            return nil
        }
        return index.position(of: request)
    }

    @Test func findsWhatIsThereAndNothingElse() {
        // Names of every length up to 30, of which many share their bytes.
        let letters = "abcdefghijklmnopqrstuvwxyzabcd"
        let names = (1...30).flatMap { length in
            (1...3).map { (service: "s\(letters.prefix(length))", method: "\(letters.suffix(length))\($0)") }
        }
        let index = MethodIndex(names)
        for (position, name) in names.enumerated() {
            #expect(self.position(in: index, name.service, name.method) == position)
            #expect(self.position(in: index, name.service, name.method + "x") == nil)
            #expect(self.position(in: index, name.method, name.service) == nil)
            // The same bytes, divided otherwise.
            #expect(
                self.position(in: index, name.service + name.method.prefix(1), String(name.method.dropFirst())) == nil)
        }
    }

    @Test func emptyIndexAndEmptyNames() {
        #expect(position(in: MethodIndex([]), "svc", "Get") == nil)
        #expect(position(in: MethodIndex([("svc", "Get")]), "", "") == nil)
        #expect(position(in: MethodIndex([("svc", "Get"), ("", "")]), "", "") == 1)
    }
}
