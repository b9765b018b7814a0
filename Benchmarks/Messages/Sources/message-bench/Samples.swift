internal import MartletShapes

/// The values that all implementations write and read.
enum Samples {
    static func user(_ index: Int) -> User {
        let number = 1000 + index % 9000
        return User(
            id: "user-0000-\(number)-abcdef", email: "someone\(number)@example.com", displayName: "Some One \(number)",
            createdAtUnix: 1_700_000_000 + Int64(index), roles: ["admin", "member"], active: true)
    }

    static var users: UserList { UserList(users: (0..<1000).map(user), nextPageToken: "next") }

    static var order: Order {
        let customer = Customer(
            id: "cust-000042", name: "Jane Q. Customer", email: "jane.customer@example.org", phone: "+1-555-0100",
            level: 3)
        return Order(
            id: "order-2026-0000012345", customer: customer, items: (0..<10).map(item), createdAtUnix: 1_700_000_123,
            state: .paid, note: "leave at the door please")
    }

    private static func item(_ index: Int) -> LineItem {
        LineItem(
            sku: "SKU-\(10_000 + index)-XL", quantity: Int32(index + 1), price: 9.99 + Double(index),
            tags: [1, 2, 300, 4, Int32(70_000 + index)],
            promotion: index % 2 == 0
                ? .discount(Discount(code: "SPRING26", percent: 15)) : .coupon("COUPON-\(index)"),
            attributes: ["color": "midnight blue", "size": "XL", "material": "organic cotton"])
    }

    static var blob: Blob { Blob(data: (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) }) }

    static var texts: Texts {
        Texts(
            a: text(200, "A quick martlet flies over the lazy weathercock. "),
            b: text(150, "Größe und Maß, ein Café — "),
            c: text(120, "日本語の文章"), d: text(300, "words of no great meaning "), e: text(40, "abc def "),
            f: text(1000, "A long paragraph in ASCII, sentence by sentence. "), g: "twelve bytes",
            h: text(64, "https://example.com/path?"),
            lines: (0..<50).map { "line \($0): \(text(40, "some text of the line "))" })
    }

    private static func text(_ characters: Int, _ part: String) -> String {
        String(String(repeating: part, count: characters / part.count + 1).prefix(characters))
    }

    /// All lengths from 1 to 9 bytes.
    static var numbers: Numbers {
        Numbers(
            values: (0..<100_000).map {
                Int64(truncatingIfNeeded: $0 &* 2_654_435_761) & ((1 << (1 + ($0 % 62))) - 1)
            })
    }
}
