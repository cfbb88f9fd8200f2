import ArgumentParser
import Client
import Importing
import JSON
import RESP

/// Where the daemon is, for every command that asks one.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The daemon's socket. Default: $THROUGHLINE_SOCKET, else the usual place.")
    var socket: String?

    /// Connects.
    ///
    /// - Throws: `ToolFailure`.
    func connect() throws -> DaemonSession {
        do {
            return DaemonSession(try Connection(socketPath: socket ?? DefaultSocket.path))
        } catch {
            throw ToolFailure("\(error)")
        }
    }
}

/// A connection over which documents are asked for.
struct DaemonSession: ~Copyable {
    private var connection: Connection

    init(_ connection: consuming Connection) { self.connection = connection }

    /// Gives the connection up to somebody who does more with it.
    consuming func intoConnection() -> Connection { connection }

    /// Asks, and returns a reply that is no error.
    ///
    /// - Throws: `ToolFailure`.
    mutating func call(_ words: [String]) throws -> Reply {
        let reply: Reply
        do {
            reply = try connection.call(words)
        } catch {
            throw ToolFailure("\(error)")
        }
        if case .error(let code, let message) = reply {
            throw ToolFailure("\(words.joined(separator: " ")): \(code) \(message)")
        }
        return reply
    }

    /// Asks with words that may be any bytes; an error does not repeat them.
    ///
    /// - Throws: `ToolFailure`.
    mutating func call(_ words: [[UInt8]], named name: String) throws -> Reply {
        let reply: Reply
        do {
            reply = try connection.call(words)
        } catch {
            throw ToolFailure("\(error)")
        }
        if case .error(let code, let message) = reply {
            throw ToolFailure("\(name): \(code) \(message)")
        }
        return reply
    }

    /// Waits for what the daemon sends unasked.
    ///
    /// - Throws: `ToolFailure`.
    mutating func receive() throws -> Reply {
        do {
            return try connection.receive()
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    /// Asks for one document.
    ///
    /// - Throws: `ToolFailure`, also when there is none.
    mutating func document(_ words: [String], missing: String) throws -> Document {
        switch try call(words) {
        case .bulk(let bytes), .verbatim(_, let bytes): return Document(bytes)
        case .null: throw ToolFailure(missing)
        default:
            throw ToolFailure(
                "\(words[0]) answered something that is no document; daemon and tool may be of "
                    + "different versions")
        }
    }
}

/// A document as it came.
struct Document {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The document's text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Reads it.
    ///
    /// - Throws: `ToolFailure`.
    func value() throws -> JSONValue {
        do {
            return try JSONValue.read(bytes)
        } catch {
            throw ToolFailure(
                "the daemon's document is no JSON: \(error.problem) at byte \(error.offset)")
        }
    }

    /// Shows it to a person.
    func show() throws {
        Terminal.write(DocumentPrinter.text(try value()))
    }

    /// Prints it as it came.
    func printJSON() { Terminal.write(Escaping.document(bytes) + [UInt8(ascii: "\n")]) }
}
