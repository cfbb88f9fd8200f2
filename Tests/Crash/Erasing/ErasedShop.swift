import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// A daemon on a small store in which Ana, whose words are all marked, and others contact a shop.
struct ErasedShop {
    static let phone = "+34911777001"
    static let email = "ana.markedname@example.test"
    /// What no file may hold once she is erased.
    static let marks = [
        phone, "34911777001", email, "markedname", "markedtext", "markedpayload", "markedid",
    ]
    static let sizes = ["--segment-events", "50", "--stride-bytes", "1000"]
    static let arguments = [
        "--segment-events", "50", "--stride-bytes", "1000", "--set",
        "access.rules=user:\(geteuid())=privacy",
    ]

    let daemon: DaemonProcess

    init() throws {
        daemon = try DaemonProcess()
        #expect(try daemon.start(arguments: Self.arguments))
        var connection = try daemon.connect()
        for contact in 0..<60 {
            for words in Self.contact(contact) {
                connection.send(words)
                let reply = try connection.receive()
                #expect(!reply.isError, "\(words): \(reply)")
            }
        }
        while try info("log", "sealed") != "350" {}
    }

    /// One line of INFO.
    func info(_ section: String, _ name: String) throws -> String? {
        var connection = try daemon.connect()
        let lines = (try connection.call("INFO", section).text ?? "").split(
            whereSeparator: \.isNewline)
        return lines.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// Every fifth contact is Ana's: by telephone, by mail, by both at once.
    static func isAnas(_ contact: Int) -> Bool { contact % 5 == 2 }

    private static func contact(_ number: Int) -> [[String]] {
        let isAnas = isAnas(number)
        let mark = isAnas ? "marked" : "plain"
        let who: [String]
        switch (isAnas, number % 3) {
        case (false, _): who = ["customer", "phone:+3491100\(1_000 + number % 9)"]
        case (true, 0): who = ["customer", "phone:\(phone)"]
        case (true, 1): who = ["customer", "email:\(email)"]
        default:
            who = ["customer:verified", "phone:\(phone)", "customer:verified", "email:\(email)"]
        }
        let minute = number < 10 ? "0\(number)" : "\(number)"
        func event(_ type: String, _ step: Int, _ more: [String]) -> [String] {
            [
                "APPEND", type, "source", "shop", "id", "\(mark)id-\(number)-\(step)",
                "interaction", "i-\(number)", "occurred", "2026-03-02T09:\(minute):0\(step).000Z",
            ] + more
        }
        let queue = ["queue", "billing"]
        return [
            event(
                "interaction.created", 0,
                who + ["channel", "voice", "direction", "inbound", "method", "inbound"] + queue),
            event("queue.entered", 1, queue),
            event("offer.accepted", 2, ["agent", "agent-\(number % 3)"] + queue),
            event("note.added", 3, ["note_id", "n-\(number)", "text", "\(mark)text of \(number)"]),
            event("interaction.disconnected", 4, ["by", "customer", "DATA", "\(mark)payload"]),
            event("interaction.completed", 5, ["outcome", "resolved"]),
        ]
            + (number == 11
                ? [
                    [
                        "APPEND", "parcel.noted", "source", "shop", "id", "gift", "customer",
                        "crm:bob", "recipient", "phone:\(phone)", "text", "a gift",
                    ]
                ] : [])
    }

    /// Erases Ana and returns what was answered.
    func erase() throws -> [String: Any] {
        try daemon.document("ERASE", "phone:\(Self.phone)", "REASON", "request of the person")
    }

    /// Waits until the log says that the erasure is carried out; nil when the daemon dies first.
    func waitUntilErased(
        _ completion: String = "customer.erasureCompleted"
    ) throws -> [String: Any]? {
        do {
            var connection = try daemon.connect()
            var next: Int64 = 1
            while true {
                connection.send([
                    "EVENTS", "FROM", "\(next)", "TYPE", completion, "WAIT", "20000",
                ])
                let reply = try connection.receive()
                guard let page = reply.elements, page.count == 2 else {
                    throw UnexpectedReply(command: "EVENTS", reply: reply)
                }
                next = page[0].integerValue ?? next
                if let text = page[1].elements?.first?.text {
                    return try JSONSerialization.jsonObject(with: Data(text.utf8))
                        as? [String: Any]
                }
            }
        } catch is ClientError {
            return nil
        }
    }

    /// The figures and the queues' past, as one text each.
    func totals() throws -> [String] {
        let window = ["FROM", "2026-03-02T09:00:00Z", "TO", "2026-03-02T10:00:00Z"]
        let head = "\(try daemon.document("PROJECTIONS")["position"] ?? 0)"
        let fresh = ["AFTER", head, "WITHIN", "60000"]
        var connection = try daemon.connect()
        return try [
            ["METRICS"] + window + ["BY", "quarter", "PER", "queue"] + fresh,
            ["METRICS"] + window + ["PER", "channel"] + fresh,
            ["METRICS"] + window + ["PER", "agent"] + fresh,
            ["QUEUE", "billing", "NOW", "2026-03-02T10:00:00Z"] + fresh,
            ["INTERACTION", "i-2", "NOW", "2026-03-02T10:00:00Z"] + fresh,
        ].map { words in
            let reply = try connection.call(words)
            guard let text = reply.text,
                var object = try JSONSerialization.jsonObject(with: Data(text.utf8))
                    as? [String: Any]
            else { throw UnexpectedReply(command: words[0], reply: reply) }
            for key in ["position", "metrics_position", "now", "customers"] { object[key] = nil }
            let kept = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
            return String(decoding: kept, as: UTF8.self)
        }
    }

    /// The marks that files of the store hold, or those beside it, each with its file; in frames that
    /// are found in them, too. The daemon must have ended.
    func marksInFiles() throws -> [String] {
        let store = try FileSearch(
            for: Self.marks, in: daemon.store,
            dictionaries: FileSearch.dictionaries(ofStore: daemon.store))
        #expect(store.frames > 0)
        let manager = FileManager.default
        var found = store.found
        for name in try manager.contentsOfDirectory(atPath: daemon.folder.path) {
            let path = daemon.folder.path + "/" + name
            // The list of suppressed names, the ledger beside the backups. A backup keeps what it had.
            guard name.hasSuffix(".suppression") || path == daemon.store + ".backups" else {
                continue
            }
            let ledgers = try FileSearch(for: Self.marks, in: path).found
            found += ledgers.filter { !$0.hasPrefix("old/") }
        }
        return found
    }
}
