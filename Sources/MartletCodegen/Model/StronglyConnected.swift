/// Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972).
enum StronglyConnected {
    /// Numbers the groups of nodes that can reach one another. A group gets a higher number than every group that it
    /// can reach. Nodes without an entry in `edges` are ignored.
    static func components(of edges: [String: [String]]) -> [String: Int] {
        var search = Search(edges: edges)
        for node in edges.keys.sorted() where search.index[node] == nil { search.visit(node) }
        return search.component
    }

    private struct Search {
        let edges: [String: [String]]
        var index: [String: Int] = [:]
        var lowest: [String: Int] = [:]
        var stack: [String] = []
        var component: [String: Int] = [:]
        var componentCount = 0

        mutating func visit(_ node: String) {
            let own = index.count
            index[node] = own
            lowest[node] = own
            stack.append(node)
            for next in edges[node] ?? [] where edges[next] != nil {
                if index[next] == nil {
                    visit(next)
                    lowest[node] = min(lowest[node] ?? own, lowest[next] ?? own)
                } else if component[next] == nil {
                    lowest[node] = min(lowest[node] ?? own, index[next] ?? own)
                }
            }
            guard lowest[node] == own else { return }
            while let member = stack.popLast() {
                component[member] = componentCount
                if member == node { break }
            }
            componentCount += 1
        }
    }
}
