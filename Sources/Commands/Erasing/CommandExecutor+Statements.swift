internal import EventLog
internal import EventModel
internal import RESP
internal import Views

/// Saying in the log what is erased or redacted.
extension CommandExecutor {
    /// Stages the events that say it; it is in force with the round's commit.
    ///
    /// - Parameter portions: At least one, all of a kind.
    func stage(
        _ portions: [Erasure.What], reason: String, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> [Erasure] {
        let kind = portions[0].kind
        let mark = writer.mark()
        let first = try readingLog { () throws(EventLogError) in try writer.nextNumber(kind) }
        var staged: [Erasure] = []
        do throws(CommandError) {
            for (index, what) in portions.enumerated() {
                let number = first + UInt64(index)
                var words: [(String, [UInt8])] = [
                    ("source", Array(Reserved.source.utf8)), ("id", Array(kind.id(number).utf8)),
                    ("reason", Array(reason.utf8)),
                ]
                words += what.words.map { ($0.name, Array($0.value.utf8)) }
                if let actor = arguments.bytes("ACTOR") {
                    words.append(("\(kind.actorAttribute)", actor))
                }
                if let id = arguments.bytes("REQUEST") { words.append(("request_id", id)) }
                guard case .new(let position) = try stage(kind.type, words) else {
                    preconditionFailure("the number of an erasure is new")
                }
                staged.append(Erasure(number: number, position: position, what: what))
            }
        } catch {
            writer.takeBack(to: mark)
            // All of it is in force at once, or nothing.
            if case .log(.roundFull) = error, !hasStaged { throw .tooManyErased(kind.word) }
            throw error
        }
        erasing.staged += staged
        return staged
    }

    /// Answers a command whose REQUEST was carried out before: that one stands.
    ///
    ///     {"position":…,"erasure":1,"repeated":true}
    func answerRepeated(
        _ kind: Erasure.Kind, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Bool {
        guard let request = arguments.bytes("REQUEST"), !arguments.has("DRYRUN") else {
            return false
        }
        let known = try readingLog { () throws(EventLogError) in
            try writer.statement(of: kind, request: request)
        }
        guard let known else { return false }
        var json = JSONWriter()
        json.beginObject()
        json.field("position", known.position)
        json.field(kind.word, Int64(clamping: known.number))
        json.field("repeated", true)
        json.endObject()
        session.replies.bulk(json.span)
        return true
    }
}
