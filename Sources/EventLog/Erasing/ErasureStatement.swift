public import EventModel
internal import LMDB

/// An erasure or a redaction as the log tells of it.
public struct ErasureStatement: Sendable {
    /// What goes.
    public let erasure: Erasure
    /// When it was said.
    public let recorded: Timestamp
    /// Why, in words that name nobody.
    public let reason: String
    /// Who asked for it, if that was said.
    public let actor: String?
    /// The request that it answers, if that was said.
    public let request: String?
    /// The position of the event that says that it is carried out; nil while it is not.
    public internal(set) var completed: Position?

    fileprivate init?(_ event: borrowing EventView) {
        let id = event.id.text()
        guard let colon = id.lastIndex(of: ":"), let number = UInt64(id[colon...].dropFirst()),
            let erasure = Erasure(number: number, event)
        else { return nil }
        self.erasure = erasure
        recorded = event.recorded
        reason = event.text("reason") ?? ""
        actor = event.text(erasure.kind.actorAttribute)
        request = event.text("request_id")
    }
}

/// Erasures and redactions of a log that another process may be carrying out, found in the log.
extension StoredLog {
    /// All of them, the oldest first.
    ///
    /// - Throws: Also where a block's head cannot be read: what it holds could be one.
    /// - Complexity: The head of every block is read, and the blocks that may hold one.
    public func statements() throws(EventLogError) -> [ErasureStatement] {
        var found: [ErasureStatement] = []
        var completions: [Position: Position] = [:]
        var reader = try source.makeReader()
        for range in try rangesWithErasures() {
            do throws(ReadFailure<Never>) {
                try reader.events(from: range.lowerBound, through: range.upperBound) {
                    (event) throws(Never) in
                    if let completed = Erasure.completed(by: event) {
                        completions[completed] = event.position
                    } else if let statement = ErasureStatement(event) {
                        found.append(statement)
                    }
                    return true
                }
            } catch {
                throw error.ofLog
            }
        }
        for index in found.indices {
            found[index].completed = completions[found[index].erasure.position]
        }
        return found
    }

    /// The positions of blocks that may hold one or a completion, and of what is in no block.
    private func rangesWithErasures() throws(EventLogError) -> [ClosedRange<Position>] {
        let names = Erasure.Kind.allCases.flatMap { [$0.type, $0.completionType] }
        let wanted = names.reduce(0 as UInt64) {
            $0 | BlockHeader.bit(ofType: Array("\($1)".utf8).rawSpan)
        }
        var ranges: [ClosedRange<Position>] = []
        for first in segments.firsts {
            let segment = try segments.place(of: first).segment
            var damage: EventLogError?
            do throws(LMDBError) {
                let transaction = try segment.environment.beginRead()
                var cursor = try transaction.cursor(segment.blocks)
                while damage == nil, try cursor.next() {
                    do throws(EventLogError) {
                        let header = try BlockHeader(
                            checking: cursor.value, key: cursor.integerKey)
                        guard header.types & wanted != 0 else { continue }
                        ranges.append(header.first...header.last)
                    } catch {
                        damage = error
                    }
                }
            } catch {
                throw .storage(error)
            }
            if let damage { throw damage }
        }
        if let first = recent.first, first <= source.head.position {
            ranges.append(first...source.head.position)
        }
        return ranges
    }
}
