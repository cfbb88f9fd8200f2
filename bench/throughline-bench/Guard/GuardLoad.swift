internal import Commands
internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import ReferenceEvents
internal import Views

/// A store, its views, and who runs commands on them, all on one thread and the same in every run.
final class GuardLoad {
    private let store: ReferenceStore
    private let views: ViewSet
    private let executor: CommandExecutor
    private let session = Session(id: 1, role: .writer, user: 0)
    private var parser = RequestParser()
    /// Requests one behind the other, and where each ends.
    private var requests: [UInt8] = []
    private var ends: [Int] = []
    private let workload: WorkloadOptions
    private let count: Int

    /// Requests that are read together.
    private static let depth = 16
    /// Events committed together.
    private static let roundEvents = 512

    init(folder: String, workload: WorkloadOptions, count: Int) throws {
        self.workload = workload
        self.count = count
        store = try ReferenceStore(path: folder + "/store")
        views = try ViewSet(stillOn: store.log, folder: store.folder.viewsPath)
        executor = try store.executor(views)
    }

    private var warmUp: Int { count / 5 }

    /// Makes the requests, or the store, and takes the path a little.
    func prepare(_ path: GuardedPath) throws {
        switch path {
        case .append:
            try requestAppends(count + warmUp)
            try run(0..<warmUp)
        case .repeat:
            try requestAppends(count)
            try run(0..<count)
        case .ping:
            for _ in 0..<count { request(RESPRequest.bytes("PING")) }
            try run(0..<warmUp)
        case .card:
            try fill()
            try catchUp(.identity)
            try catchUp(.customers)
            for number in 0..<count {
                let customer = ReferenceEvents.customerValue(rank: 100 + number % 100)
                request(RESPRequest.bytes("CUSTOMER", "crm:\(customer)"))
            }
            try run(0..<warmUp)
        case .newcard, .newpop:
            try fill(Self.cardEvents)
            try catchUp(.identity)
            try catchUp(.customers)
            try write(path, warmUp)
        case .identity: try fill()
        case .queues, .metrics, .customers:
            try fill()
            try catchUp(.identity)
        }
    }

    /// What is counted.
    func countedPart(_ path: GuardedPath) throws {
        switch path {
        case .append: try run(warmUp..<warmUp + count)
        case .newcard, .newpop: try write(path, count)
        case .repeat, .ping, .card: try run(0..<count)
        case .identity, .queues, .metrics, .customers: try catchUp(path)
        }
    }

    private func requestAppends(_ count: Int) throws {
        var events = workload.events(count: count)
        while let event = events.next() { request(ThroughlineTarget.request(for: event)) }
    }

    /// Has the log begin with so many small segments.
    func fillSegments(_ count: Int) throws {
        guard count > 0 else { return }
        var events = ReferenceEvents(
            seed: workload.seed &+ 1, count: count * ReferenceStore.eventsOfSmallSegment,
            text: workload.text)
        try store.appendSegments(count, of: &events)
    }

    private func fill(_ least: Int = 0) throws {
        var events = workload.events(count: max(count, least))
        try store.append(&events)
    }

    /// So many events that customers have contacts and orders.
    private static let cardEvents = 30_000

    /// Writes cards, or POPs, as CUSTOMER does of whom it knows nothing, but for the look-up of who it is.
    private func write(_ path: GuardedPath, _ count: Int) throws {
        var json = JSONWriter()
        for number in 0..<count {
            // As for each request.
            let people = try views.identity.snapshot()
            let customers = try views.customers.snapshot()
            let value = ReferenceEvents.customerValue(rank: 100 + number % 100)
            let name = Array("crm:\(value)".utf8)
            guard let match = try unsafe IdentityView.person(of: name.span.bytes, people) else {
                throw BenchFailure("a customer is missing")
            }
            json.removeAll()
            if path == .newpop {
                let question = PopDocument.Question(
                    members: match.customers, by: match.by, ends: match.ends)
                _ = try PopDocument.write(
                    question, now: Self.now, zone: { _ in nil }, from: customers, to: &json)
            } else {
                _ = try CustomerDocument.write(
                    match.customers, ending: match.ends, now: Self.now, from: customers,
                    to: &json)
            }
            bytesWritten += json.count
        }
    }

    private static let now = Timestamp(milliseconds: 1_767_268_800_000)
    /// Of cards, for the mean.
    private(set) var bytesWritten = 0

    private func catchUp(_ view: GuardedPath) throws {
        switch view {
        case .identity: try views.identity.catchUp()
        case .queues: try views.queues.catchUp()
        case .metrics: try views.metrics.catchUp()
        default: try views.customers.catchUp()
        }
    }

    private func request(_ bytes: [UInt8]) {
        requests.append(contentsOf: bytes)
        ends.append(requests.count)
    }

    /// Runs requests as a connection does: what one read brought, then the commit, then the answers.
    private func run(_ range: Range<Int>) throws {
        var next = range.lowerBound
        while next < range.upperBound {
            let end = min(next + Self.roundEvents, range.upperBound)
            while next < end {
                let last = min(next + Self.depth, end)
                try runBurst(next == 0 ? 0 : ends[next - 1], ends[last - 1])
                next = last
            }
            if executor.hasStaged { try commit() }
            try checkAnswers()
            session.replies.buffer.removeAll()
        }
    }

    private func commit() throws {
        while try !executor.commitRound([session]) { store.log.settle() }
    }

    private func runBurst(_ start: Int, _ end: Int) throws {
        var place = start
        while place < end {
            let execution = unsafe requests.withUnsafeBytes { bytes in
                unsafe Self.runOne(
                    UnsafeRawBufferPointer(rebasing: bytes[place..<end]).bytes, &parser, executor,
                    session)
            }
            guard let execution, execution.execution == .answered else {
                throw BenchFailure("a request was not answered")
            }
            place += execution.consumed
        }
    }

    private static func runOne(
        _ bytes: RawSpan, _ parser: inout RequestParser, _ executor: CommandExecutor,
        _ session: Session
    ) -> (execution: CommandExecutor.Execution, consumed: Int)? {
        guard case .request(let consumed) = parser.parse(bytes) else { return nil }
        return (executor.execute(parser.arguments(in: bytes), for: session), consumed)
    }

    private func checkAnswers() throws {
        let answers = Self.beginning(of: session.replies.buffer)
        guard !answers.isEmpty else { throw BenchFailure("nothing was answered") }
        guard !answers.hasPrefix("-") else { throw BenchFailure(answers) }
    }

    private static func beginning(of answers: OutputBuffer) -> String {
        unsafe answers.bytes.withUnsafeBytes {
            unsafe String(decoding: $0.prefix(80), as: UTF8.self)
        }
    }
}
