internal import ContactCentre
public import EventModel

/// SIGNALS: who needs somebody, by kind and age.
///
///     {"position":…,"now":"…",
///      "signals":[{"signal":"orderLate","customer":"c_…","since":"…","age_ms":…,"order":"o-1",
///                  "positions":[…]}],
///      "looked_at":…,"incomplete":["abandoned"]}
///
/// The oldest of each kind come first. `incomplete` names kinds of which more were looked at than
/// one answer may.
public enum SignalsDocument {
    /// Writes the document.
    ///
    /// - Parameters:
    ///   - kinds: Which signals.
    ///   - olderMilliseconds: How old they are at least.
    ///   - count: The most of each kind.
    ///   - rowsMax: How many rows of each kind are looked at.
    ///   - members: Who is one person with a customer, oldest first.
    /// - Returns: What tells these signals from others, whatever their age.
    @discardableResult public static func write<Reader: ViewReader & ~Copyable>(
        _ kinds: [SignalKind], olderMilliseconds: Int64, count: Int, now: Timestamp,
        rowsMax: Int = ViewLimits.signalRowsMax,
        members: (CustomerID) throws(ViewFault) -> [CustomerID],
        from reader: borrowing Reader, to json: inout JSONWriter
    ) throws(ViewFault) -> Int {
        var hasher = Hasher()
        let settings = try CardDefinitions.read(reader).signals
        let moment = CardMoment(now)
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.key("signals")
        json.beginArray()
        var incomplete: [SignalKind] = []
        var looked = 0
        for kind in kinds {
            var shown = 0
            var known: Set<[UInt8]> = []
            let candidates = try rows(
                kind, olderMilliseconds, now, settings, atMost: rowsMax, reader)
            for row in candidates {
                guard shown < count else { break }
                looked += 1
                let people = try members(row.customer)
                guard let person = try Person(people, reader) else { continue }
                let signals = try PersonSignals(person, moment, settings, reader)
                guard
                    let signal = try signals.confirm(
                        kind, row.signal, row.subject, row.name, reader),
                    now - signal.since >= olderMilliseconds,
                    // Two members may have the same thing.
                    people.count == 1 || known.insert(row.identity(of: people[0])).inserted
                else { continue }
                signal.write(moment, of: people[0], to: &json)
                signal.hash(of: people[0], into: &hasher)
                shown += 1
            }
            if shown < count, candidates.count == rowsMax {
                incomplete.append(kind)
                hasher.combine(kind)
            }
        }
        json.endArray()
        json.field("looked_at", looked)
        if !incomplete.isEmpty {
            json.key("incomplete")
            json.beginArray()
            for kind in incomplete { json.value(kind.word) }
            json.endArray()
        }
        json.endObject()
        return hasher.finalize()
    }

    /// A row of a signal, read.
    private struct Row {
        let signal: Signal
        let customer: CustomerID
        let subject: SubjectKind
        let name: KeyName

        func identity(of person: CustomerID) -> [UInt8] {
            var identity: [UInt8] = [subject.rawValue]
            identity.append(bigEndian: person.rawValue)
            identity.append(contentsOf: name.bytes)
            return identity
        }
    }

    /// The rows of a kind that are old enough and not too old, the oldest first.
    private static func rows<Reader: ViewReader & ~Copyable>(
        _ kind: SignalKind, _ older: Int64, _ now: Timestamp, _ settings: SignalSettings,
        atMost rowsMax: Int, _ reader: borrowing Reader
    ) throws(ViewFault) -> [Row] {
        let grace = settings.grace(kind)
        var start: [UInt8] = []
        var end: [UInt8] = []
        let oldest = now.advanced(byMilliseconds: -settings.lifetime(kind))
            .advanced(byMilliseconds: -grace)
        let newest = now.advanced(byMilliseconds: -older).advanced(byMilliseconds: -grace)
        SignalRow.writeStart(kind, oldest, to: &start)
        SignalRow.writeStart(kind, newest.advanced(byMilliseconds: 1), to: &end)
        var rows: [Row] = []
        try reader.rows(from: start, below: end) { key, row throws(ViewFault) in
            guard let position = try SignalRow.decoded(row).position else { return true }
            let moment = try key.keyNumber(at: 2) ^ (1 << 63)
            let customer = CustomerID(rawValue: try key.keyNumber(at: 10))
            guard let subject = SubjectKind(rawValue: key[18]) else { return true }
            rows.append(
                Row(
                    signal: Signal(
                        kind: kind, moment: Timestamp(milliseconds: Int64(bitPattern: moment)),
                        position: position),
                    customer: customer, subject: subject,
                    name: try KeyName(checking: key.extracting(19..<key.byteCount).copied()[...])))
            return rows.count < rowsMax
        }
        return rows
    }
}
