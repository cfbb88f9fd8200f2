/// Writes what a client of PostgreSQL sends, protocol version 3.0 ("Message Formats" in its manual).
enum PostgresRequest {
    /// The first message: user `bench`, database `postgres`.
    static var startup: [UInt8] {
        let body =
            word32(196_608) + text("user") + text("bench") + text("database")
            + text("postgres") + [0]
        return word32(body.count + 4) + body
    }

    /// A simple query of several statements.
    static func query(_ statements: String) -> [UInt8] { message("Q", text(statements)) }

    /// Prepares the statement that `execute` runs.
    static func prepare(_ statement: String) -> [UInt8] {
        message("P", text("a") + text(statement) + [0, 0]) + message("S", [])
    }

    /// Runs the prepared statement with parameters in text, in a transaction of its own.
    static func execute(_ parameters: [[UInt8]]) -> [UInt8] {
        var bind = text("") + text("a") + [0, 0] + [0, UInt8(parameters.count)]
        for parameter in parameters { bind += word32(parameter.count) + parameter }
        return message("B", bind + [0, 0]) + message("E", text("") + word32(0)) + message("S", [])
    }

    private static func message(_ type: Character, _ body: [UInt8]) -> [UInt8] {
        Array(type.utf8) + word32(body.count + 4) + body
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    private static func word32(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
}
