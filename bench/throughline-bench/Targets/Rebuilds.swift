internal import Client
internal import Glibc
internal import JSON
internal import RESP

/// Views that a daemon folds anew.
enum Rebuilds {
    /// Waits until nothing is folded anew any more.
    ///
    /// - Throws: `BenchFailure` where that has failed.
    static func wait(_ connection: inout Connection) throws {
        while try isUnderWay(&connection) {
            try Interruption.check()
            usleep(50_000)
        }
    }

    private static func isUnderWay(_ connection: inout Connection) throws -> Bool {
        let text = try connection.call("PROJECTIONS").text ?? ""
        let views = try JSONValue.read(Array(text.utf8))["projections"]?.elements ?? []
        guard !views.isEmpty else { throw BenchFailure("PROJECTIONS tells of no view: \(text)") }
        for view in views {
            guard let rebuild = view["rebuild"] else { continue }
            guard rebuild["state"]?.text != "failed" else {
                throw BenchFailure("a view was not folded anew: \(text)")
            }
            return true
        }
        return false
    }
}
