internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// Statements about who is who that name the person: all of one goes that names nobody else; of
/// others only what they call the person, as a redaction.
extension ErasurePlan {
    /// Takes the statements that the view knows.
    mutating func takeStatements(
        _ people: borrowing ViewSnapshot, _ reader: inout LogReader
    ) throws(ReadFailure<ViewFault>) {
        let positions: [Position]
        do throws(ViewFault) {
            positions = try IdentityView.statements(naming: customers, people)
        } catch {
            throw .body(error)
        }
        for position in positions where !isTheirs(position) {
            _ = try reader.event(at: position) { (event) throws(ViewFault) in
                if try takes(statement: event, people) { take(position) }
            }
        }
    }

    /// Looks at a statement, and takes out of it what it calls the person where it names others, too.
    ///
    /// - Returns: Whether all of it goes.
    mutating func takes(
        statement event: borrowing EventView, _ people: borrowing ViewSnapshot
    ) throws(ViewFault) -> Bool {
        guard event.type.starts(with: "identity."), !event.isErased,
            event.position > statements.parts.last?.position ?? .zero
        else { return false }
        let mentions = try IdentityView.mentions(in: event, of: customers, people)
        let theirs = mentions.filter(\.isTheirs)
        guard !theirs.isEmpty else { return false }
        guard theirs.count < mentions.count else { return true }
        var cuts: [String: [TextCut]] = [:]
        for mention in theirs {
            // A list keeps its places, and whom a statement founded counts on.
            let keepsPlace = mention.attribute == "customers" || mention.isFounded
            cuts[mention.attribute, default: []] +=
                keepsPlace
                ? [TextCut(start: mention.range.lowerBound, count: mention.range.count)] : []
        }
        let fields = cuts.map { RedactedParts.Field($0.key, cuts: $0.value) }
        statements.add(RedactedParts.Part(event.position, fields).bounded())
        return false
    }
}
