internal import ContactCentre
internal import EventModel
internal import JSON

/// Why a definition's body cannot be read: what it must be.
public struct DefinitionFault: Error, Equatable, Sendable {
    /// What the body, or a member of it, must be; never what it is.
    public let expected: String
}

/// Checks bodies of `definition.set` before they are recorded, so that no figure is judged by what
/// nobody can read.
public enum DefinitionBody {
    /// Throws for a body that the kind's readers cannot read; kinds that nobody here reads have
    /// whatever body they like.
    ///
    /// - Parameter knowsZone: Whether a zone of that name can be found.
    public static func check(
        kind: RawSpan, key: RawSpan, body: RawSpan, knowsZone: (String) -> Bool
    ) throws(DefinitionFault) {
        if kind.equals("ownNumbers") {
            do throws(IdentityRulesFault) {
                _ = try OwnNumbers.read(body)
            } catch {
                throw DefinitionFault(expected: "our own numbers: \(error.description)")
            }
        }
        let kinds =
            MetricsDefinitionKind.allCases.map(\.rawValue)
            + QueuesDefinitionKind.allCases.map(\.rawValue)
        guard let kind = kinds.first(where: { kind.equals($0) }) else { return }
        guard body.byteCount <= ViewLimits.definitionBytesMax else {
            throw DefinitionFault(
                expected: "a JSON object for kind \(kind) of at most "
                    + "\(ViewLimits.definitionBytesMax) bytes")
        }
        guard let zone = try read(kind, key, body) else { return }
        guard knowsZone(zone) else {
            throw DefinitionFault(
                expected:
                    "a JSON object for kind \(kind) whose zone is a name of the IANA "
                    + "time-zone database, like Europe/Madrid")
        }
    }

    /// Reads a body as the readers of its kind do; returns the zone it names, if its kind has one.
    private static func read(
        _ kind: String, _ key: RawSpan, _ body: RawSpan
    ) throws(DefinitionFault) -> String? {
        switch MetricsDefinitionKind(rawValue: kind) {
        case .target: _ = try PerformanceTarget(body)
        case .season: return try Season(key.text(), body).zone
        case .calendar: return try BusinessCalendar(body).zone
        case nil: break
        }
        switch QueuesDefinitionKind(rawValue: kind) {
        case .queue: _ = try QueueRules(body)
        case .silence: _ = try SilenceRules.Body(body)
        case .calendar, nil: break
        }
        return nil
    }

    /// Reads the JSON object that a body is.
    static func object(_ body: RawSpan, of kind: String) throws(DefinitionFault) -> JSONValue {
        do throws(JSONFault) {
            let value = try JSONReader.read(body)
            if value.members != nil { return value }
        } catch {
            throw DefinitionFault(
                expected: "a JSON object for kind \(kind): at byte \(error.offset) \(error.problem)"
            )
        }
        throw DefinitionFault(expected: "a JSON object for kind \(kind)")
    }
}

extension JSONValue {
    /// The number, whole or not; nil for other values.
    var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let digits): Double(digits)
        default: nil
        }
    }

    /// Refuses members that are none of those.
    func only(_ names: [String], of kind: String) throws(DefinitionFault) {
        guard let members, members.allSatisfy({ names.contains($0.name) }) else {
            throw DefinitionFault(
                expected: "a JSON object for kind \(kind) with no members but "
                    + names.joined(separator: ", "))
        }
    }

    /// The text of a member; nil where it is left out.
    func optionalText(_ name: String, of kind: String) throws(DefinitionFault) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.text else {
            throw DefinitionFault(
                expected: "a JSON object for kind \(kind) whose \(name) is a text")
        }
        return text
    }
}

/// A date without a time: days since 1970-01-01.
struct CalendarDate: Hashable, Comparable {
    var day: Int

    init(day: Int) { self.day = day }

    /// Reads `2026-12-25`.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D,
            bytes.enumerated().allSatisfy({
                $0.offset == 4 || $0.offset == 7 || (0x30...0x39).contains($0.element)
            }),
            let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)),
            let dayOfMonth = Int(text.suffix(2)),
            let day = Timestamp.days(year: year, month: month, day: dayOfMonth)
        else { return nil }
        self.day = day
    }

    static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.day < right.day }

    /// 1 = Monday … 7 = Sunday. 1970-01-01 was a Thursday.
    var weekday: Int { (day + 3) - (day + 3).flooredQuotient(7) * 7 + 1 }

    var text: String {
        let date = Timestamp.civil(days: day)
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = "\(number)"
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    /// The local date of a moment.
    init(of moment: Timestamp, _ zone: some ZoneOffsets) {
        let local = moment.rawValue &+ zone.offsetMilliseconds(at: moment)
        day = Int(local.flooredQuotient(MetricInterval.dayMilliseconds))
    }

    /// The moment at which a local time of day is reached; one that spring leaves out is reached as
    /// much later.
    func moment(_ millisecondsOfDay: Int64, _ zone: some ZoneOffsets) -> Timestamp {
        let local = Int64(day) * MetricInterval.dayMilliseconds + millisecondsOfDay
        let guess = Timestamp(milliseconds: local)
        let first = guess.advanced(byMilliseconds: -zone.offsetMilliseconds(at: guess))
        return guess.advanced(byMilliseconds: -zone.offsetMilliseconds(at: first))
    }
}
