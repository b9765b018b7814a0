/// Ranges of numbers, both ends included. Large sets of them are searched by halving, not one by one.
struct NumberRanges {
    struct Overlap {
        /// Of the range that is written later, in the list.
        let index: Int
        /// Of a range that it overlaps.
        let other: Int
    }

    /// One for each range that overlaps an earlier one.
    private(set) var overlaps: [Overlap] = []
    private var starts: [Int32] = []
    /// The largest end of all ranges up to the one that starts at the same place in `starts`.
    private var ends: [Int32] = []

    init(_ ranges: [ClosedRange<Int32>?]) {
        let sorted = ranges.enumerated().compactMap { index, range in range.map { (index: index, range: $0) } }
            .sorted { ($0.range.lowerBound, $0.index) < ($1.range.lowerBound, $1.index) }
        var first: [Int: Int] = [:]
        var reaching: (index: Int, range: ClosedRange<Int32>)?
        for item in sorted {
            if let far = reaching, far.range.upperBound >= item.range.lowerBound {
                let (earlier, later) = (min(far.index, item.index), max(far.index, item.index))
                first[later] = min(earlier, first[later] ?? earlier)
            }
            if reaching == nil || reaching!.range.upperBound < item.range.upperBound { reaching = item }
            starts.append(item.range.lowerBound)
            ends.append(reaching!.range.upperBound)
        }
        overlaps = first.sorted { $0.key < $1.key }.map { Overlap(index: $0.key, other: $0.value) }
    }

    func contains(_ number: Int32) -> Bool {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= number { low = middle + 1 } else { high = middle }
        }
        return low > 0 && ends[low - 1] >= number
    }
}

extension ClosedRange<Int32> {
    /// nil when the end comes before the start.
    init?(from start: Int32, through end: Int32) {
        guard start <= end else { return nil }
        self = start...end
    }

    /// nil when it is empty.
    init?(from start: Int32, upTo end: Int32) {
        guard start < end else { return nil }
        self = start...(end - 1)
    }
}
