/// A page of an environment's file that is not what LMDB wrote.
public struct PageFault: Hashable, Sendable {
    /// The page's number: it lies at that many times the size of a page.
    public let page: UInt64
    /// The database whose tree leads there; nil for the table of free pages and that of databases.
    public let database: String?
    /// Whether only a writer comes there: the page is one of the table of free pages.
    public let isForWriting: Bool
    /// What is wrong.
    public let what: String
}

extension PageFault: CustomStringConvertible {
    /// Names page and database.
    public var description: String {
        "page \(page)" + (database.map { " of \($0)" } ?? "") + " \(what)"
    }
}
