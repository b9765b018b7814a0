import Testing

@testable import MartletClient

@Suite struct EndpointListTests {
    private func endpoints(_ names: String) -> [Endpoint] {
        names.map { Endpoint(id: String($0), addresses: [.tcp(String($0), 1)]) }
    }

    /// Small letters for those that are missing.
    private func text(_ list: EndpointList) -> String {
        list.entries.map { $0.vanishedAt == nil ? $0.endpoint.id : $0.endpoint.id.lowercased() }.joined()
    }

    /// The list's suspicion lasts 10; `AB@3` is an answer at 3.
    @Test(arguments: [
        ("ABCD@0", "ABCD", "what there is"),
        ("ABCD@0 ABC@1", "ABC", "a quarter may go"),
        ("ABCD@0 ABCDE@1", "ABCDE", "one more"),
        ("ABCD@0 AB@1", "ABcd", "half is suspicious"),
        ("ABCD@0 AB@1 AB@10", "ABcd", "for as long as the suspicion lasts"),
        ("ABCD@0 AB@1 AB@11", "AB", "and no longer"),
        ("ABCD@0 AB@1 AD@5", "ADc", "one comes back, another leaves"),
        ("ABCD@0 @1", "abcd", "an empty answer wipes out nothing"),
        ("ABCD@0 @1 @12", "", "at once"),
        ("ABCD@0 @1 ABCD@2", "ABCD", "all are back"),
        ("ABCD@0 EFGH@1", "EFGH", "as many new ones are no loss"),
        ("AB@0 A@1", "Ab", "one of two is half"),
        ("A@0 B@1", "B", "a swap"),
        ("AAB@0", "AB", "one id is one endpoint"),
    ])
    func missingEndpointsAreKeptWhenTheirNumberIsSuspicious(answers: String, expected: String, why: String) {
        var list = EndpointList(suspicion: 10)
        for answer in answers.split(separator: " ") {
            let parts = answer.split(separator: "@", omittingEmptySubsequences: false)
            list.update(endpoints(String(parts[0])), now: UInt64(parts[1])!)
        }
        #expect(text(list) == expected, "\(why)")
    }

    @Test func missingOnesThatCannotBeReachedGoAtOnce() {
        var list = EndpointList(suspicion: 10)
        list.update(endpoints("ABCD"), now: 0)
        let isSuspicious = list.update(endpoints("A"), now: 1)
        #expect(isSuspicious)
        list.drop { $0 == "A" || $0 == "C" }
        #expect(text(list) == "Abd")
        #expect(list.nextExpiry == 11)
        list.expire(now: 11)
        #expect(text(list) == "A")
        #expect(list.nextExpiry == nil)
    }

    @Test func withoutSuspicionEveryAnswerIsBelieved() {
        var list = EndpointList(suspicion: 0)
        list.update(endpoints("ABCD"), now: 0)
        list.update([], now: 1)
        #expect(list.entries.isEmpty)
    }
}
