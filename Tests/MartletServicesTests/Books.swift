import Martlet

/// A service of a user.
struct Books: Catalog {
    func getBook(_ request: GetBookRequest, context: ServerContext) async throws -> Book { Book(title: request.title) }

    func listBooks(_ request: GetBookRequest, to responses: MessageWriter<Book>, context: ServerContext) async throws {}
}
