internal import ContactCentre
internal import EventModel

/// Puts rows of a day of recording that is over together, one for each day that they are about.
///
/// While a day lasts a figure lies in a small row of its quarter, so that a checkpoint writes little.
/// Once an event of a later day comes nothing changes those rows any more: they are read, removed, and
/// what they say is written once for each queue and channel, in the form in which it is read.
struct DayClosing {
    /// Rows of one queue and channel about one day, as recorded on one day.
    struct Group {
        /// The place of the closed row, but for the prefix.
        let place: MetricPlace
        /// Anchor or level and quarter of the day, in this order.
        fileprivate(set) var rows: [(family: UInt8, quarter: Int)] = []

        /// Writes the key of one of its rows.
        func writeKey(
            of row: (family: UInt8, quarter: Int), under prefix: UInt8, to key: inout [UInt8]
        ) {
            var place = place
            place.prefix = prefix
            place.family = row.family
            place.interval = MetricInterval.quarter(row.quarter, ofDay: place.interval)
            place.writeKey(to: &key)
        }

        /// Writes the key of the closed row.
        func writeKey(under prefix: UInt8, to key: inout [UInt8]) {
            var place = place
            place.prefix = prefix
            place.writeKey(to: &key)
        }
    }

    /// Finds the rows under a prefix that were recorded before a day, by the row they go into.
    ///
    /// - Parameters:
    ///   - isOneFamily: Whether rows of all families go into one.
    ///   - changed: Keys that the fold has changed and not handed over.
    static func groups<Context: FoldContext & ~Copyable>(
        _ prefix: UInt8, isOneFamily: Bool, before day: Int32, changed: [ArraySlice<UInt8>],
        _ context: borrowing Context
    ) throws(ViewFault) -> [Group] {
        var found = Groups(isOneFamily: isOneFamily)
        for key in changed { try found.add(unsafe MetricPlace(key: key.span.bytes), before: day) }
        try context.keys(from: [prefix], below: [prefix + 1]) { key throws(ViewFault) in
            try found.add(MetricPlace(key: key), before: day)
        }
        return found.sorted()
    }

    private struct Groups {
        private struct Name: Hashable {
            let family: UInt8
            let queue: String
            let channel: Channel
            let day: Int32
            let recordedDay: Int32
        }

        let isOneFamily: Bool
        private var groups: [Group] = []
        private var byName: [Name: Int] = [:]

        init(isOneFamily: Bool) { self.isOneFamily = isOneFamily }

        mutating func add(_ row: MetricPlace, before day: Int32) {
            guard row.recordedDay < day else { return }
            let (about, quarter) = MetricInterval.dayAndQuarter(of: row.interval)
            var place = row
            place.interval = about
            if isOneFamily { place.family = 0 }
            let name = Name(
                family: place.family, queue: row.queue, channel: row.channel, day: about,
                recordedDay: row.recordedDay)
            let index = byName[name] ?? groups.count
            if index == groups.count {
                byName[name] = index
                groups.append(Group(place: place))
            }
            groups[index].rows.append((row.family, quarter))
        }

        /// The groups, each with its rows in order, each row once. Which group comes first does not
        /// matter: each is a row of its own.
        func sorted() -> [Group] {
            groups.map { group in
                var sorted = group
                sorted.rows.sort { ($0.quarter, $0.family) < ($1.quarter, $1.family) }
                var last: (family: UInt8, quarter: Int)?
                sorted.rows.removeAll { row in
                    defer { last = row }
                    return last.map { $0 == row } ?? false
                }
                return sorted
            }
        }
    }
}
