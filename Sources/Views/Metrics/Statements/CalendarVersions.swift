internal import EventModel

/// A calendar through its versions, each from when it takes effect; the first one also holds before.
struct CalendarVersions {
    private struct Piece {
        var from: Timestamp
        var to: Timestamp
        var calendar: BusinessCalendar
        /// nil: nobody here knows the zone.
        var zone: (any ZoneOffsets)?
    }

    private var pieces: [Piece] = []

    /// Reads the versions of a definition of kind `calendar`.
    ///
    /// - Parameter zones: Finds the offsets of a zone by its name.
    init(_ versions: DefinitionVersions, _ zones: (String) -> (any ZoneOffsets)?) {
        for version in versions.versions {
            // What was recorded before bodies were checked may be unreadable: it changes nothing.
            guard let calendar = try? unsafe BusinessCalendar(version.body.utf8Span.span.bytes)
            else { continue }
            let from = pieces.isEmpty ? .earliest : version.effectiveFrom
            if let last = pieces.indices.last { pieces[last].to = from }
            pieces.append(
                Piece(from: from, to: .latest, calendar: calendar, zone: zones(calendar.zone)))
        }
    }

    /// Whether no version can be read.
    var isEmpty: Bool { pieces.isEmpty }

    /// The offsets of the zone in force at a moment; nil where nobody here knows it.
    func zone(at moment: Timestamp) -> (any ZoneOffsets)? { piece(at: moment)?.zone }

    private func piece(at moment: Timestamp) -> Piece? {
        pieces.last { $0.from <= moment }
    }

    /// How much of a stretch of time lies within business hours; nil where the calendar of that time
    /// is in a zone that nobody here knows.
    func business(from: Timestamp, to: Timestamp) -> Int64? {
        var sum: Int64 = 0
        for piece in pieces {
            let (start, end) = (max(from, piece.from), min(to, piece.to))
            guard start < end else { continue }
            guard let zone = piece.zone else { return nil }
            sum += piece.calendar.business(from: start, to: end, zone)
        }
        return sum
    }

    /// Whether a moment lies within business hours; nil where nobody here knows the zone.
    func isOpen(at moment: Timestamp) -> Bool? {
        guard let piece = piece(at: moment), let zone = piece.zone else { return nil }
        return piece.calendar.isOpen(at: moment, zone)
    }

    /// When business hours begin or end next; nil where they do not within
    /// `BusinessCalendar.daysAhead`, or nobody here knows the zone.
    func change(after moment: Timestamp) -> Timestamp? {
        guard let isOpen = isOpen(at: moment) else { return nil }
        for piece in pieces where piece.to > moment && piece.from < piece.to {
            guard let zone = piece.zone else { return nil }
            let start = max(moment, piece.from)
            guard piece.calendar.isOpen(at: start, zone) == isOpen else { return start }
            if let change = piece.calendar.change(after: start, zone), change < piece.to {
                return change
            }
        }
        return nil
    }

    /// The moment until which so much business time passes; nil where it does not within
    /// `BusinessCalendar.daysAhead`, or nobody here knows the zone.
    func moment(_ milliseconds: Int64, after moment: Timestamp) -> Timestamp? {
        var left = milliseconds
        var found: Timestamp?
        for piece in pieces where piece.to > moment && piece.from < piece.to {
            guard let zone = piece.zone else { return nil }
            piece.calendar.stretches(after: max(moment, piece.from), zone) { from, to in
                let start = max(from, moment, piece.from)
                let length = min(to, piece.to) - start
                guard start < piece.to else { return false }
                if length >= left {
                    found = start.advanced(byMilliseconds: left)
                    return false
                }
                left -= max(0, length)
                return true
            }
            if found != nil { return found }
        }
        return nil
    }
}

/// Hours from a moment on.
extension BusinessCalendar {
    /// How many days a look ahead goes: whoever has no hours within these has none.
    static let daysAhead = 400

    /// Shows the stretches of business hours that end behind a moment, in their order, while `body`
    /// says true. Complexity: O(days looked at).
    func stretches(
        after moment: Timestamp, _ zone: some ZoneOffsets,
        _ body: (_ from: Timestamp, _ to: Timestamp) -> Bool
    ) {
        var date = CalendarDate(of: moment, zone)
        for _ in 0...Self.daysAhead {
            for hours in hours(on: date) {
                let from = date.moment(hours.from, zone)
                let to = date.moment(hours.to, zone)
                // Where spring leaves hours out, nothing may be left of a stretch.
                guard from < to, to > moment else { continue }
                guard body(from, to) else { return }
            }
            date.day += 1
        }
    }

    /// Whether a moment lies within the hours.
    func isOpen(at moment: Timestamp, _ zone: some ZoneOffsets) -> Bool {
        let date = CalendarDate(of: moment, zone)
        return hours(on: date).contains {
            date.moment($0.from, zone) <= moment && moment < date.moment($0.to, zone)
        }
    }

    /// When the hours begin or end next; nil where they do not within `daysAhead`.
    func change(after moment: Timestamp, _ zone: some ZoneOffsets) -> Timestamp? {
        var change: Timestamp?
        var isOver = false
        stretches(after: moment, zone) { from, to in
            if let end = change {
                // Hours up to midnight go on where the next day's begin with it.
                isOver = from > end
                if !isOver { change = to }
                return !isOver
            }
            if from > moment {
                change = from
                isOver = true
                return false
            }
            change = to
            return true
        }
        // Hours that do not end as far as one looks do not change.
        return isOver ? change : nil
    }
}
