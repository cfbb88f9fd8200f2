internal import ContactCentre
internal import EventModel

/// Looks for the signals of one kind among the rows of what may be one.
struct SignalSearch {
    /// A row that is one.
    struct Found {
        let key: [UInt8]
        let customer: CustomerID
        let signal: PersonSignal
    }

    /// In the order of their rows.
    private(set) var found: [Found] = []
    /// Of how many rows the person was looked at.
    private(set) var looked = 0
    private let kind: SignalKind
    private let older: Int64
    private let moment: CardMoment
    private let settings: SignalSettings
    private var known: Set<[UInt8]> = []

    /// - Parameter older: How old they are at least, in milliseconds.
    init(_ kind: SignalKind, _ older: Int64, _ moment: CardMoment, _ settings: SignalSettings) {
        self.kind = kind
        self.older = older
        self.moment = moment
        self.settings = settings
    }

    /// A row, read.
    private struct Row {
        let key: [UInt8]
        let signal: Signal
        let customer: CustomerID
        let subject: SubjectKind
        let name: KeyName

        init?(_ key: RawSpan, _ row: RawSpan, of kind: SignalKind) throws(ViewFault) {
            guard let position = try SignalRow.decoded(row).position else { return nil }
            let moment = try key.keyNumber(at: 2) ^ (1 << 63)
            customer = CustomerID(rawValue: try key.keyNumber(at: 10))
            guard let subject = SubjectKind(rawValue: key[18]) else { return nil }
            self.subject = subject
            name = try KeyName(
                checking: key.extracting(SignalRow.nameOffset..<key.byteCount).copied()[...])
            signal = Signal(
                kind: kind, moment: Timestamp(milliseconds: Int64(bitPattern: moment)),
                position: position)
            self.key = key.copied()
        }

        func identity(of person: CustomerID) -> [UInt8] {
            var identity: [UInt8] = [subject.rawValue]
            identity.append(bigEndian: person.rawValue)
            identity.append(contentsOf: name.bytes)
            return identity
        }
    }

    /// How many rows are read at once.
    private static let rowsAtOnce = 64
    /// Rows of persons who have nothing more to be looked at count so little of one.
    private static let skippedPerRow = 8

    /// Looks at rows from a page on, the oldest first, until enough are found or looked at.
    ///
    /// - Returns: Where it goes on; nil behind the last row.
    mutating func goOn<Reader: ViewReader & ~Copyable>(
        from page: SignalPage?, rowsMax: Int, foundMax: Int,
        _ members: (CustomerID) throws(ViewFault) -> [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> SignalPage? {
        // Where no cut is published nobody is of high value: every active buyer would be looked at in vain.
        if kind == .highValueAtRisk, settings.thresholds.monetaryTop == nil { return nil }
        var (start, end) = bounds
        if let page, start.lexicographicallyPrecedes(page.key) { start = page.key }
        var room = rowsMax * Self.skippedPerRow
        while true {
            let rows = try read(from: start, below: end, reader)
            for row in rows where !found.contains(where: { $0.key == row.key }) {
                guard room > 0, found.count < foundMax else { return SignalPage(key: row.key) }
                room -= try look(at: row, members, reader) ? Self.skippedPerRow : 1
            }
            guard rows.count == Self.rowsAtOnce, let last = rows.last else { return nil }
            start = last.key + [0]
        }
    }

    /// Looks at a row again that was a signal before.
    mutating func look<Reader: ViewReader & ~Copyable>(
        again key: [UInt8], _ members: (CustomerID) throws(ViewFault) -> [CustomerID],
        _ reader: borrowing Reader
    ) throws(ViewFault) {
        var found: Row?
        let kind = kind
        try reader.row(key) { (row) throws(ViewFault) in
            found = unsafe try Row(key.span.bytes, row, of: kind)
        }
        if let found { _ = try look(at: found, members, reader) }
    }

    /// The keys between which rows are old enough and not too old.
    private var bounds: (start: [UInt8], end: [UInt8]) {
        var (start, end): ([UInt8], [UInt8]) = ([], [])
        let graces = settings.graces(kind)
        let oldest = moment.now.advanced(byMilliseconds: -settings.lifetime(kind))
            .advanced(byMilliseconds: -graces.upperBound)
        let newest = moment.now.advanced(byMilliseconds: -older)
            .advanced(byMilliseconds: -graces.lowerBound)
        SignalRow.writeStart(kind, oldest, to: &start)
        SignalRow.writeStart(kind, newest.advanced(byMilliseconds: 1), to: &end)
        return (start, end)
    }

    private func read<Reader: ViewReader & ~Copyable>(
        from start: [UInt8], below end: [UInt8], _ reader: borrowing Reader
    ) throws(ViewFault) -> [Row] {
        var rows: [Row] = []
        try reader.rows(from: start, below: end) { key, row throws(ViewFault) in
            if let read = try Row(key, row, of: kind) { rows.append(read) }
            return rows.count < Self.rowsAtOnce
        }
        return rows
    }

    /// Looks at a row.
    ///
    /// - Returns: Whether the person was looked at; false where what is known of them in one row says that
    ///   it is none.
    private mutating func look<Reader: ViewReader & ~Copyable>(
        at row: Row, _ members: (CustomerID) throws(ViewFault) -> [CustomerID],
        _ reader: borrowing Reader
    ) throws(ViewFault) -> Bool {
        let people = try members(row.customer)
        guard let person = try Person(people, reader), mayBe(person, row) else { return false }
        looked += 1
        let signals = try PersonSignals(person, moment, settings, reader)
        guard
            let signal = try signals.confirm(kind, row.signal, row.subject, row.name, reader),
            moment.now - signal.since >= older,
            // Two members may have the same thing.
            people.count == 1 || known.insert(row.identity(of: people[0])).inserted
        else { return true }
        let place = found.firstIndex { row.key.lexicographicallyPrecedes($0.key) }
        found.insert(
            Found(key: row.key, customer: people[0], signal: signal), at: place ?? found.count)
        return true
    }

    /// Whether a person has as much as the signal needs: every open contact has a row, and most are the
    /// only one.
    private func mayBe(_ person: Person, _ row: Row) -> Bool {
        switch kind {
        case .waitingTwice: person.counts.open > 1
        case .repeatContact, .channelSwitch: person.counts.contacts > 1
        default: true
        }
    }

    /// Writes what was found, the oldest first.
    func write(to json: inout JSONWriter) {
        // How long after the moment in its row one begins may depend on the person.
        let inOrder = found.enumerated().sorted { left, right in
            let (first, second) = (left.element.signal.since, right.element.signal.since)
            return (first, left.offset) < (second, right.offset)
        }
        for (_, one) in inOrder { one.signal.write(moment, of: one.customer, to: &json) }
    }

    func hash(into hasher: inout Hasher) {
        for one in found { one.signal.hash(of: one.customer, into: &hasher) }
    }
}
