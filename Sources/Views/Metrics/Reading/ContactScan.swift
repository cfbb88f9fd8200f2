internal import ContactCentre
internal import EventModel

/// Looks at each contact that has figures in a window: for answers told apart by more than the
/// cells tell, and for what stands behind a number.
///
/// An interaction has an index row for each quarter in which it has facts, and a fact counts where
/// its own quarter comes up, so that each is seen once. The facts are computed by the very
/// functions that feed the cells.
enum ContactScan {
    /// A contact with those of its facts that count.
    struct Found {
        let interaction: String
        let record: DetailedRecord<ContactDetails>
        let owner: FactOwner
        let facts: [MetricFact]
        /// All of its facts, in the window or not.
        let all: [MetricFact]
        /// When the quarter begins.
        let quarter: Timestamp
        /// Who was in which team, where the query asks for that.
        let teams: AgentTeams
    }

    /// What a scan of contacts goes by.
    struct Asked {
        let query: MetricsQuery
        let anchor: MetricAnchor
        let calendars: BusinessCalendars?
        let teams: AgentTeams

        init<Reader: ViewReader & ~Copyable>(
            _ query: MetricsQuery, _ anchor: MetricAnchor, in reader: borrowing Reader
        ) throws(MetricsFault) {
            self.query = query
            self.anchor = anchor
            calendars =
                query.readsCalendars
                ? try BusinessCalendars(query.zones, with: query.choices, in: reader) : nil
            do throws(ViewFault) {
                teams = query.readsTeams ? try AgentTeams(in: reader) : AgentTeams()
            } catch {
                throw .view(error)
            }
        }

        /// Whether a fact counts that is filed at a moment.
        func counts(
            _ fact: MetricFact, of owner: FactOwner, at moment: Timestamp
        ) -> Bool {
            query.counts(fact.queue, fact.channel)
                && query.filters.allSatisfy { filter in
                    filter.dimension.names(fact, owner, at: moment, teams)
                        .contains { filter.wanted.contains($0) }
                }
        }
    }

    /// Shows the contacts of a window in the order of quarters while the body says true.
    ///
    /// - Parameter first: Where to begin, among those of the window.
    static func contacts<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ anchor: MetricAnchor, first: OpenedPlace? = nil,
        from reader: borrowing Reader, _ body: (Found) -> Bool
    ) throws(MetricsFault) {
        guard try isDeclared(query, reader) else { throw .refused(.undeclaredDimension) }
        let asked = try Asked(query, anchor, in: reader)
        let (start, end) = bounds(query, ContactIndexRow.prefix, first)
        var gate = Gate(query)
        var refusal: MetricsRefusal?
        do throws(ViewFault) {
            try reader.rows(from: start, below: end) { key, row throws(ViewFault) in
                guard try gate.passes(row) else { return !gate.isShut }
                guard key.byteCount > 5 else {
                    throw .damaged(MalformedBytes("contact index key", at: 0))
                }
                let quarter = key.keySigned(at: 1)
                let name = key.extracting(5..<key.byteCount)
                return try show(name, quarter, asked, &refusal, reader, body)
            }
        } catch {
            throw .view(error)
        }
        if let refusal { throw .refused(refusal) }
        try gate.check()
    }

    /// Lets the contacts of the queues asked for through, and as many as one answer may look at.
    private struct Gate {
        /// nil where all queues are asked for.
        private let asked: [QueueBits]?
        private let most: Int
        private(set) var read = 0
        private var passed = 0

        init(_ query: MetricsQuery, most: Int = MetricLimits.contactsReadMax) {
            asked = query.askedQueues?.map { QueueBits($0) }
            self.most = most
        }

        /// Whether there were too many.
        var isShut: Bool { read > most || passed > MetricLimits.indexRowsPassedMax }

        /// Tells whether to look at the contact of a row.
        mutating func passes(_ row: RawSpan) throws(ViewFault) -> Bool {
            if let asked {
                let own = try ContactIndexRow.decoded(row).queues
                guard asked.contains(where: { own.isSuperset(of: $0) }) else {
                    passed += 1
                    return false
                }
            }
            read += 1
            return read <= most
        }

        func check() throws(MetricsFault) {
            guard isShut else { return }
            throw .refused(.tooManyContacts(most: read > most ? most : passed - 1))
        }
    }

    /// The keys of an index between which a window lies.
    ///
    /// - Parameter first: Where to begin, among those of the window.
    static func bounds(
        _ query: MetricsQuery, _ prefix: UInt8, _ first: OpenedPlace?
    ) -> (start: [UInt8], end: [UInt8]) {
        var (start, end) = ([UInt8](), [UInt8]())
        let quarter = MetricInterval.quarter(of: query.from)
        ContactIndexRow.writeStart(max(quarter, first?.quarter ?? quarter), of: prefix, to: &start)
        if let first, first.quarter >= quarter { first.writeName(to: &start) }
        ContactIndexRow.writeStart(MetricInterval.quarter(of: query.to), of: prefix, to: &end)
        return (start, end)
    }

    /// How many contacts a window has to be looked at, `most` and one at most.
    static func count<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, most: Int, from reader: borrowing Reader
    ) throws(MetricsFault) -> Int {
        let (start, end) = bounds(query, ContactIndexRow.prefix, nil)
        var gate = Gate(query, most: most)
        do throws(ViewFault) {
            try reader.rows(from: start, below: end) { _, row throws(ViewFault) in
                _ = try gate.passes(row)
                return !gate.isShut
            }
        } catch {
            throw .view(error)
        }
        return gate.isShut ? most + 1 : gate.read
    }

    private static func show<Reader: ViewReader & ~Copyable>(
        _ name: RawSpan, _ quarter: Int32, _ asked: Asked, _ refusal: inout MetricsRefusal?,
        _ reader: borrowing Reader, _ body: (Found) -> Bool
    ) throws(ViewFault) -> Bool {
        var rowKey = [InteractionKey.prefix]
        rowKey.append(name)
        guard
            let record = try DetailedRecord<ContactDetails>.decoded(try reader.row(rowKey))
        else { throw .damaged(MalformedBytes("contact without a row", at: 0)) }
        let interaction = try name.keyText(at: 0).text
        let (own, thread) = try allFacts(of: record, interaction, reader)
        var all = own
        if let calendars = asked.calendars {
            guard let timed = BusinessFacts.facts(of: record, calendars) else {
                refusal = .unknownZone
                return false
            }
            all += timed
            let start = record.details.needBegan(record.interaction)
            all += MetricTraces.stamped(
                ThreadFacts.resolution(of: thread, from: start, only: interaction), record)
        }
        var owner = FactOwner(record: record, surveys: record.details.surveys)
        if asked.query.readsStages { owner.stages = try stages(of: record.customers, reader) }
        let facts = all.filter { fact in
            guard let moment = fact.moment(asked.anchor),
                MetricInterval.quarter(of: moment) == quarter
            else { return false }
            return asked.counts(fact, of: owner, at: moment)
        }
        guard !facts.isEmpty else { return true }
        return body(
            Found(
                interaction: interaction, record: record, owner: owner, facts: facts, all: all,
                quarter: MetricInterval.start(ofQuarter: quarter), teams: asked.teams))
    }

    /// What is said of the persons of customers, each with all of their customers.
    private static func stages<Reader: ViewReader & ~Copyable>(
        of customers: [CustomerID], _ reader: borrowing Reader
    ) throws(ViewFault) -> [[StageRow]] {
        var stages: [[StageRow]] = []
        var key: [UInt8] = []
        for customer in customers {
            var rows: [StageRow] = []
            for other in try PersonChain(of: customer, in: reader).customers {
                StageRow.writeKey(other, to: &key)
                if let row = try StageRow.decoded(try reader.row(key)) { rows.append(row) }
            }
            stages.append(rows)
        }
        return stages
    }

    /// Returns what an interaction adds by itself and among those of its person and thread, and the
    /// interactions of its thread.
    private static func allFacts<Reader: ViewReader & ~Copyable>(
        of record: DetailedRecord<ContactDetails>, _ interaction: String,
        _ reader: borrowing Reader
    ) throws(ViewFault) -> (facts: [MetricFact], thread: [ChainEntry]) {
        let traces = MetricTraces(record)
        var facts = traces.facts
        guard var entry = traces.chained.entry else { return (facts, []) }
        entry.name = interaction
        var entries = [entry]
        var key: [UInt8] = []
        var thread = traces.chained.thread
        if let person = traces.chained.person {
            let chain = try PersonChain(of: person, in: reader)
            facts += MetricTraces.stamped(
                PersonFacts.facts(of: chain.entries, only: interaction), record)
            if thread == nil {
                thread = LinkedThreads.thread(of: interaction, among: chain.entries)
                entries = LinkedThreads.unnamed(with: entry, among: chain.entries)
            }
        }
        if let thread {
            ChainKey.write(thread: thread, to: &key)
            let row = try ChainRow.decoded(try reader.row(key)) ?? ChainRow()
            entries = row.entries
            facts += MetricTraces.stamped(
                ThreadFacts.facts(of: entries, only: interaction), record)
        }
        return (LinkedThreads.cancelled(facts), entries)
    }

    /// Whether every attribute a query names is declared a dimension.
    static func isDeclared<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ reader: borrowing Reader
    ) throws(MetricsFault) -> Bool {
        do throws(ViewFault) {
            let settings = try MetricSettings.decoded(try reader.row(MetricSettings.key))
            let dimensions = query.filters.map(\.dimension) + [query.grouping].compactMap { $0 }
            return dimensions.allSatisfy { dimension in
                guard case .attribute(let name) = dimension else { return true }
                return settings?.contains(name) ?? false
            }
        } catch {
            throw .view(error)
        }
    }
}
