import Martlet
import Testing

@testable import MartletEtcd

/// What etcd's answers to a watch mean.
@Suite struct EtcdWatchReaderTests {
    private static func reader(from revision: Int64? = 10) -> EtcdWatchReader {
        EtcdWatchReader(service: "users", keys: EtcdKeys(prefix: "/s/"), from: revision)
    }

    private static func put(_ id: String, _ revision: Int64, value: String? = nil) throws -> EtcdStore.Event {
        let json = try ServiceInstance.test(id).json()
        return .init(
            type: .put,
            kv: .init(key: Array("/s/users/\(id)".utf8), modRevision: revision, value: Array((value ?? json).utf8)))
    }

    private static func deletion(_ id: String, _ revision: Int64) -> EtcdStore.Event {
        .init(type: .delete, kv: .init(key: Array("/s/users/\(id)".utf8), modRevision: revision))
    }

    private static func response(
        _ revision: Int64, _ change: (inout EtcdAPI.WatchResponse) -> Void = { _ in }
    ) -> EtcdAPI.WatchResponse {
        var response = EtcdAPI.WatchResponse(header: .init(revision: revision))
        change(&response)
        return response
    }

    @Test func theRequestIsForWhatComesNext() {
        guard case .createRequest(let request)? = Self.reader().request(after: 10).requestUnion else {
            return #expect(Bool(false), "it creates no watch")
        }
        #expect(String(decoding: request.key, as: UTF8.self) == "/s/users/")
        #expect(String(decoding: request.rangeEnd, as: UTF8.self) == "/s/users0")
        #expect(request.startRevision == 11)
        #expect(request.progressNotify && request.fragment)
    }

    @Test func aWatchThatGoesOnSaysSoOnce() {
        var reader = Self.reader()
        #expect(reader.read(Self.response(12) { $0.created = true }) == .event(.changes([], revision: 10)))
        // After a break within the same watch nothing is owed.
        #expect(reader.read(Self.response(13) { $0.created = true }) == .nothing)
        #expect(reader.revision == 10)
    }

    @Test func afterASnapshotNothingIsOwed() {
        var reader = Self.reader(from: nil)
        let snapshot = ServiceSnapshot(service: "users", instances: [.test("a")], revision: 10)
        #expect(reader.read(snapshot) == .snapshot(snapshot))
        #expect(reader.read(Self.response(10) { $0.created = true }) == .nothing)
    }

    @Test func eventsBecomeChanges() throws {
        var reader = Self.reader()
        let events = [try Self.put("a", 11), Self.deletion("b", 12), try Self.put("c", 12, value: "junk")]
        #expect(
            reader.read(Self.response(15) { $0.events = events })
                == .event(.changes([.put(.test("a")), .removed(id: "b"), .removed(id: "c")], revision: 12)))
        #expect(reader.revision == 12)
    }

    /// A watch that breaks off within a revision gets all of it again.
    @Test func aFragmentIsNoEndOfARevision() throws {
        var reader = Self.reader()
        let (first, second) = ([try Self.put("a", 11)], [try Self.put("b", 11)])
        let fragment = Self.response(11) {
            $0.events = first
            $0.fragment = true
        }
        #expect(reader.read(fragment) == .event(.changes([.put(.test("a"))], revision: 10)))
        #expect(reader.revision == 10)
        #expect(
            reader.read(Self.response(11) { $0.events = second }) == .event(.changes([.put(.test("b"))], revision: 11)))
    }

    @Test func progressIsKept() {
        var reader = Self.reader()
        #expect(reader.read(Self.response(20)) == .event(.changes([], revision: 20)))
        #expect(reader.read(Self.response(20)) == .nothing)
        // An answer to a question is of no watch.
        #expect(reader.read(Self.response(25) { $0.watchId = -1 }) == .nothing)
        #expect(reader.revision == 20)
    }

    @Test func whatIsCompactedIsReadAnew() {
        var reader = Self.reader()
        let compacted = Self.response(30) {
            $0.canceled = true
            $0.compactRevision = 25
        }
        #expect(reader.read(compacted) == .gap)
        #expect(reader.revision == nil)
    }

    @Test func anEtcdWhoseRevisionsWentBackIsReadAnew() {
        var reader = Self.reader()
        #expect(reader.read(Self.response(9) { $0.created = true }) == .gap)
        #expect(reader.revision == nil)
    }

    @Test(arguments: [
        ("etcdserver: no leader", StatusCode.unavailable), ("", .unavailable),
        ("rpc error: code = PermissionDenied desc = etcdserver: permission denied", .permissionDenied),
        ("rpc error: code = Unauthenticated desc = etcdserver: invalid auth token", .permissionDenied),
    ])
    func anEndWithoutCompactionIsAnError(_ reason: String, _ code: StatusCode) {
        var reader = Self.reader()
        let response = Self.response(10) {
            $0.created = true
            $0.canceled = true
            $0.cancelReason = reason
        }
        guard case .failed(let error) = reader.read(response) else { return #expect(Bool(false), "it goes on") }
        #expect(error.code == code)
        #expect(error.message.contains(reason.isEmpty ? "it doesn't say why" : reason))
    }
}
