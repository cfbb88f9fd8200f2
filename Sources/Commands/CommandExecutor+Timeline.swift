internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// TIMELINE: the events of a stream or a customer, newest first, or from a position on.
///
///     {"position":…,"stream":"agent-ana","version":7,"events":[…],"before":…}
///     {"position":…,"customer":"c_…","events":[…],"from":…}
///
/// `before` or `from` is what the next page's BEFORE or FROM is; absent on the last page: then
/// everything up to `position` has been shown. `version` is how many events the stream has.
///
/// With AT it is what was answered when the log ended there. With OCCURRED only events are shown
/// that had happened by then, however late they came, and `occurred_by` says so.
///
/// Streams are read from the log and its indexes, where nothing committed is missing; a customer's
/// timeline from the customers view, which knows whose identifiers and interactions are whose.
extension CommandExecutor {
    /// What a contact's id stands behind where the person is meant whom it concerns.
    static let contactPrefix: StaticString = "interaction:"

    func timeline(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution {
        if let page = session.atHand.page, log.erasures.latest <= page.erasures {
            guard page.isOver else { return try goOnWaiting(for: page, session) }
            session.replies.bulk(try page.answer() ?? [])
            return .answered
        }
        let name = arguments.bytes("stream-or-identifier") ?? []
        let past = try pastTimeline(command, arguments, session)
        if let stream = try stream(name, command) {
            try checkHead(arguments)
            return try timeline(of: stream, command, arguments, past, session)
        } else {
            for view in command.action.views {
                if let execution = try whatToAwait(view, arguments, session) { return execution }
            }
            if let past {
                let execution = try whatToAwait(past.last, command.action.views, session)
                if let execution { return execution }
            }
            let isContact = unsafe name.span.bytes.starts(with: Self.contactPrefix)
            if past != nil, isContact, let asked = try askedMoment(command, arguments),
                let execution = try awaitConcerned(name, asked, session)
            {
                return execution
            }
            let concerned = isContact ? session.atHand.past : nil
            if let match = try match(name, past, concerned) {
                return try timeline(of: match, command, arguments, past, session)
            }
            return try timeline(of: interaction(name), command, arguments, past, session)
        }
    }

    /// Finds the moment that AT or OCCURRED names; nil where neither stands. What lies in the log
    /// is found where the order is: no view is folded for it.
    private func pastTimeline(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> PastTimeline? {
        switch try askedMoment(command, arguments) {
        case nil: return nil
        case .position(let position)?: return PastTimeline(last: position, occurred: nil)
        case .recorded(let moment)?:
            return PastTimeline(last: try last(recordedBy: moment), occurred: nil)
        case .occurred(let moment)?:
            // The head moves on while a view is waited for.
            let head = session.atHand.pastHead ?? log.head.position
            session.atHand.pastHead = head
            return PastTimeline(last: head, occurred: moment)
        }
    }

    /// The last event recorded at a moment or before it; zero where there is none.
    ///
    /// - Complexity: O(log n) events read.
    private func last(recordedBy moment: Timestamp) throws(CommandError) -> Position {
        var low: UInt64 = 0
        var high = log.head.position.rawValue + 1
        while high - low > 1 {
            let middle = low + (high - low) / 2
            var recorded = Timestamp.earliest
            try read(Position(middle)) { event in recorded = event.recorded }
            if recorded <= moment { low = middle } else { high = middle }
        }
        return Position(low)
    }

    /// Asks whom an interaction concerned at a past moment: that is folded from its events, beside
    /// the loop. `session.atHand.past` tells it then.
    ///
    /// - Returns: What the command has to wait for; nil once it is known.
    private func awaitConcerned(
        _ name: [UInt8], _ asked: AskedMoment, _ session: Session
    ) throws(CommandError) -> Execution? {
        if let question = session.atHand.past, log.erasures.latest <= question.erasures {
            return question.isOver ? nil : try goOnWaiting(for: question, session)
        }
        let contact = String(decoding: interaction(name).id, as: UTF8.self)
        let question = PastQuestion(of: .user(session.user), erasures: log.erasures.latest) {
            (past, _) throws(CommandError) in
            try viewing { () throws(ViewFault) in
                let moment = try past.momentOfPeople(asked)
                let customers = try Self.customers(of: contact, past, moment)
                return Array(customers.map(\.description).joined(separator: " ").utf8)
            }
        }
        try past.ask(question)
        session.atHand.past = question
        session.atHand.deadline = nil
        return try goOnWaiting(for: question, session)
    }

    /// Finds the person behind a name, as of a past moment where one is named.
    ///
    /// - Parameter concerned: Where the name is a contact's, what has found whom it concerned then.
    private func match(
        _ name: [UInt8], _ past: PastTimeline?, _ concerned: PastQuestion?
    ) throws(CommandError) -> PersonMatch? {
        guard let past else { return try match(name) }
        if let concerned {
            let ids = try concerned.answer() ?? []
            let customers = ids.split(separator: UInt8(ascii: " ")).compactMap { id in
                let id = Array(id)
                return unsafe CustomerID(text: id.span.bytes)
            }
            return try reading { () throws(ViewFault) in
                try IdentityView.person(
                    ofContactOf: customers, asOf: past.last, try views.identity.snapshot())
            }
        }
        let text = unsafe name.span.bytes
        return try reading { () throws(ViewFault) in
            let people = try views.identity.snapshot()
            if let customer = CustomerID(text: text) {
                return try IdentityView.person(ofCustomer: customer, asOf: past.last, people)
            }
            return try IdentityView.person(of: text, asOf: past.last, people)
        }
    }

    /// VERSION: how many events a stream has.
    func version(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) {
        let name = arguments.bytes("stream") ?? []
        guard case .stream(let stream) = unsafe StreamName.read(name.span.bytes) else {
            throw .badArgument(command.name, argument: "stream", expected: StreamName.grammar)
        }
        let version = try readingLog { () throws(EventLogError) in
            try writer.version(of: stream)
        }
        session.replies.integer(version)
    }

    /// Reads the name of a stream; nil where it may be a person's: `kind:value`, `c_…`,
    /// `interaction:id`. A word that is neither is an interaction's id.
    private func stream(
        _ name: [UInt8], _ command: CommandDefinition
    ) throws(CommandError) -> StreamName? {
        let text = unsafe name.span.bytes
        switch StreamName.read(text) {
        case .stream(let stream): return stream
        case .malformed:
            throw .badArgument(
                command.name, argument: "stream-or-identifier", expected: StreamName.grammar)
        case .other:
            guard CustomerID(text: text) == nil, text.firstOffset(of: UInt8(ascii: ":")) == nil
            else { return nil }
            return StreamName(.interaction, name)
        }
    }

    /// The interaction of that name, which nobody is known to have had.
    private func interaction(_ name: [UInt8]) -> StreamName {
        let isPrefixed = unsafe name.span.bytes.starts(with: Self.contactPrefix)
        return StreamName(
            .interaction, Array(name[(isPrefixed ? Self.contactPrefix.utf8CodeUnitCount : 0)...]))
    }

    private func timeline(
        of stream: StreamName, _ command: CommandDefinition, _ arguments: borrowing ArgumentReader,
        _ past: PastTimeline?, _ session: Session
    ) throws(CommandError) -> Execution {
        let query = try TimelineQuery(
            .stream(stream), arguments, of: command, past, bytesMax: replyBytesMax(for: session))
        let version = try readingLog { () throws(EventLogError) in
            try writer.version(of: stream, asOf: past?.last)
        }
        guard version > 0 else {
            session.replies.null()
            return .answered
        }
        let source = StreamSource(stream: stream, writer: writer)
        return try answer(
            query, from: source, as: ("stream", stream.description), version: version,
            at: past?.last ?? log.head.position, session)
    }

    private func timeline(
        of match: PersonMatch, _ command: CommandDefinition,
        _ arguments: borrowing ArgumentReader, _ past: PastTimeline?, _ session: Session
    ) throws(CommandError) -> Execution {
        let query = try TimelineQuery(
            .customer(match.person), arguments, of: command, past,
            bytesMax: replyBytesMax(for: session))
        let snapshot = try reading { () throws(ViewFault) in try views.customers.snapshot() }
        let position = past?.last ?? snapshot.position
        let source = CustomerSource(customers: match.customers, snapshot: snapshot)
        var newest: [Position] = []
        try source.find(
            TimelineQuery.Start.before(nil).ending(with: past?.last), limit: 1, into: &newest)
        guard !newest.isEmpty else {
            session.replies.null()
            return .answered
        }
        return try answer(
            query, from: source, as: ("customer", match.person.description), version: nil,
            at: position, session)
    }

    /// Answers with a page: what it takes is read beside the loop, unless it is little.
    private func answer<Source: TimelineSource & ~Copyable>(
        _ query: TimelineQuery, from source: borrowing Source,
        as subject: (field: StaticString, name: String), version: UInt64?, at position: Position,
        _ session: Session
    ) throws(CommandError) -> Execution {
        // Of what channel an event is the order's owner is asked.
        if query.channel != nil {
            var json = JSONWriter()
            query.begin(subject, version: version, at: position, &json)
            let next = try writePage(query, from: source, to: &json)
            query.end(next, &json)
            session.replies.bulk(json.bytes)
            return .answered
        }
        let limit = KnownPage.limit(query)
        var positions: [Position] = []
        try source.find(query.start, limit: limit, into: &positions)
        if let last = query.past?.last { positions.removeAll { $0 > last } }
        let page = KnownPage(
            query: query, position: position, subject: subject, version: version,
            positions: positions, goesOn: positions.count == limit)
        guard isReadOnLoop(positions.count, session) else { return try ask(for: page, session) }
        session.replies.bulk(try page.document(&reader))
        return .answered
    }

    /// Whether so many events are read at once: few, or some, where nobody else has just had the loop
    /// read a page. Another thread has them later, and keeps nobody waiting.
    private func isReadOnLoop(_ count: Int, _ session: Session) -> Bool {
        guard count > CommandLimits.timelineEventsOnLoop else { return true }
        guard count <= CommandLimits.timelineEventsAlone else { return false }
        let now = environment.nanoseconds()
        if let lastPage, lastPage.session != session.id,
            now - min(lastPage.at, now) < CommandLimits.timelineAloneNanoseconds
        {
            return false
        }
        lastPage = (session.id, now)
        return true
    }

    /// Has a page read by another thread.
    private func ask(for page: KnownPage, _ session: Session) throws(CommandError) -> Execution {
        let question = try readBeside(session) { (readers) throws(CommandError) in
            try readers.document(page)
        }
        // On the loop all others would wait for it, just where many do already.
        guard let question else { throw .limit(.waiters, value: limits[.waiters]) }
        return try goOnWaiting(for: question, session)
    }

    /// Has another thread read events for the command at hand; nil where as many wait as may.
    func readBeside(
        _ session: Session,
        _ read: @escaping @Sendable (PageReaders) throws(CommandError) -> [UInt8]?
    ) throws(CommandError) -> PastQuestion? {
        guard environment.hasRoomToWait() else { return nil }
        let readers = pageReaders
        let question = PastQuestion(
            of: .user(session.user), .page, erasures: log.erasures.latest
        ) { (_, _) throws(CommandError) in try read(readers) }
        do throws(CommandError) {
            try past.ask(question)
        } catch {
            guard case .busy = error else { throw error }
            return nil
        }
        session.atHand.page = question
        session.atHand.deadline = nil
        return question
    }
}
