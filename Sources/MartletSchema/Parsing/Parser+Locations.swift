internal import MartletDescriptors
internal import MartletMessages

/// Where the elements of the file stand.
extension Parser {
    /// Opens the location of an element of the element at `parent`.
    mutating func open(_ parent: Int, _ number: Int32) -> Int {
        open(path: locations[parent].path + CollectionOfOne(number))
    }

    mutating func open(_ parent: Int, _ number: Int32, _ index: Int) -> Int {
        open(path: locations[parent].path + [number, Int32(index)])
    }

    /// Opens a location at the current token.
    mutating func open(path: [Int32]) -> Int {
        locations.append(.init(path: path, span: [Int32(current.line), Int32(current.column)]))
        return locations.count - 1
    }

    mutating func extendPath(of location: Int, by number: Int32) {
        locations[location].path.append(number)
    }

    mutating func start(_ location: Int, at token: Token) {
        locations[location].span = [Int32(token.line), Int32(token.column)]
    }

    /// Ends the location after the token last taken.
    mutating func close(_ location: Int) {
        end(location, at: previous)
    }

    mutating func end(_ location: Int, at token: Token) {
        guard locations[location].span.count == 2 else { return }
        if locations[location].span[0] != Int32(token.line) { locations[location].span.append(Int32(token.line)) }
        locations[location].span.append(Int32(token.endColumn))
    }

    /// Records `token` alone as an element of the element at `parent`.
    mutating func mark(_ parent: Int, _ number: Int32, from first: Token, to last: Token) {
        let location = open(parent, number)
        start(location, at: first)
        end(location, at: last)
    }
}
