internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// The one place where what a role may not see is taken out of what it is told: behind the command,
/// before anything is sent.
extension CommandExecutor {
    /// Masks the documents among the replies that a session has from an offset on.
    ///
    /// - Parameter card: Whose card, as it is kept, is all that stands there; nil for anything else.
    func disclose(from start: Int, to session: Session, cardOf card: CustomerID? = nil) {
        let sees = environment.disclosure.most[session.role]
        guard sees < .secret, session.replies.buffer.count > start else { return }
        guard !session.replies.buffer.isNullReply(from: start) else { return }
        if let card, let from = cards.shownFrom(card), from <= sees { return }
        let mask = DocumentMask(
            register: environment.disclosure.register, sees: sees, hash: writer.mask)
        let replies = session.replies.buffer.copied(from: start)
        guard let shown = Self.masked(replies, mask) else {
            // What changes in a card while it is kept are numbers, in their places.
            if let card { cards.note(shownFrom: sees, of: card) }
            return
        }
        session.replies.buffer.truncate(to: start)
        session.replies.buffer.append(shown)
        // A reply that waits for its commit has another end now.
        guard let last = session.staged.last, last.lowerBound >= start else { return }
        session.staged[session.staged.count - 1] =
            last.lowerBound..<session.replies.buffer.count
    }

    /// Bytes after which an answer of events to a session ends.
    func replyBytesMax(for session: Session) -> Int {
        environment.disclosure.most[session.role] < .secret
            ? CommandLimits.maskedReplyBytesMax : CommandLimits.replyBytesMax
    }

    /// The lines of INFO.
    var disclosureLines: [(String, String)] {
        Role.allCases.map { ("\($0.rawValue)_sees", "\(environment.disclosure[$0])") }
    }

    /// Walks replies of both versions of the protocol: what is a document stands in a bulk string.
    private static func masked(_ replies: [UInt8], _ mask: DocumentMask) -> [UInt8]? {
        var shown: [UInt8] = []
        var copied = 0
        var offset = 0
        while offset < replies.count {
            let line = offset
            while replies[offset] != 0x0A { offset += 1 }
            offset += 1
            let kind = replies[line]
            guard kind == UInt8(ascii: "$") || kind == UInt8(ascii: "="),
                let length = Int(
                    String(decoding: replies[(line + 1)..<(offset - 2)], as: UTF8.self)),
                length >= 0
            else { continue }
            let content = offset..<offset + length
            offset += length + 2
            guard let first = replies[content].first,
                first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
                let document = mask.masked(Array(replies[content]))
            else { continue }
            shown += replies[copied..<line]
            shown += Array("$\(document.count)\r\n".utf8)
            shown += document
            copied = content.upperBound
        }
        return copied == 0 ? nil : shown + replies[copied...]
    }
}

extension OutputBuffer {
    /// Whether what stands behind an offset is a null.
    fileprivate func isNullReply(from start: Int) -> Bool { bytes.extracting(start...).isNullReply }

    /// What stands behind an offset.
    fileprivate func copied(from start: Int) -> [UInt8] { bytes.extracting(start...).copied() }
}

extension RawSpan {
    /// Whether these bytes are a null of either version of the protocol, in which nothing is to be hidden.
    var isNullReply: Bool { equals("$-1\r\n") || equals("_\r\n") }
}
