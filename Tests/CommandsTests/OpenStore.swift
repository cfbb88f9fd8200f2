import Consumers
import EventLog
import EventModel
import Foundation
import Projecting
import RESP
import Views

@testable import Commands

/// A store in a folder of its own and the commands on it, without a socket: a round is committed
/// when a test says so.
final class OpenStore {
    let executor: CommandExecutor
    private let folder: URL
    private let store: StoreFolder
    private let log: EventLog
    private let views: ViewSet
    private let consumers: ConsumerStore
    /// Whether one more may wait.
    var hasRoomToWait = true
    /// Signalled when a view or the past desk has got on.
    private let progress = DispatchSemaphore(value: 0)

    static let noon = Timestamp(milliseconds: 1_767_268_800_000)

    init(limits: ServiceLimits = ServiceLimits(), sizes: LogSizes = LogSizes()) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("commands-\(UUID().uuidString)")
        let path = folder.path
        store = try StoreFolder(path: path, now: Self.noon, randomBytes: { 1 })
        let writer: LogWriter
        (log, writer) = try EventLog.open(folder: store, options: .init(sizes: sizes))
        views = try ViewSet(log: log, folder: store.viewsPath)
        consumers = try ConsumerStore(store: path)
        let environment = CommandEnvironment(
            clock: StoreClock(newest: nil) { .init(wall: Self.noon, monotonic: 0) },
            nanoseconds: { 0 }, zone: { UTCOffsets.only($0) }, version: "1",
            storeID: store.storeID, storePath: path, socketPath: "",
            connections: { ConnectionCounts(open: 1) }, consumers: consumers, limits: limits)
        executor = try CommandExecutor(
            log: log, writer: writer, views: views, environment: environment)
        let progress = progress
        environment.hasRoomToWait = { [unowned self] in hasRoomToWait }
        executor.observeFlushes { progress.signal() }
        executor.past.observe { progress.signal() }
        views.identity.observe { progress.signal() }
        views.queues.observe { progress.signal() }
        views.metrics.observe { progress.signal() }
        views.customers.observe { progress.signal() }
    }

    deinit {
        log.head.stop()
        views.stop()
        consumers.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs an inline command.
    @discardableResult
    func run(_ line: String, for session: Session) -> CommandExecutor.Execution {
        var parser = RequestParser()
        let bytes = Array((line + "\r\n").utf8)
        let request = unsafe bytes.span.bytes
        guard case .request = parser.parse(request) else {
            preconditionFailure("no request: \(line)")
        }
        return executor.execute(parser.arguments(in: request), for: session)
    }

    /// Waits until all segments that have ended are sealed.
    func settleSealing() { log.settleSealing() }

    /// Lets the threads of log and views get on.
    func letThreadsWork() {
        settleSealing()
        _ = progress.wait(timeout: .now() + .milliseconds(5))
    }

    /// What is waited for did not get on for a minute.
    struct Stuck: Error {}

    /// Runs an inline command again and again, as the loop does, until it does not wait any more.
    ///
    /// - Parameter meanwhile: What others do before each further turn.
    /// - Returns: How each turn ended.
    func finish(
        _ line: String, for session: Session,
        meanwhile: (CommandExecutor.Wait) throws -> Void = { _ in }
    ) throws -> [CommandExecutor.Execution] {
        var turns = [run(line, for: session)]
        while case .waits(let wait)? = turns.last {
            try meanwhile(wait)
            while !executor.isOver(wait) {
                guard progress.wait(timeout: .now() + 60) == .success else { throw Stuck() }
            }
            turns.append(run(line, for: session))
        }
        return turns
    }
}

extension Session {
    /// A session of root's.
    convenience init(id: UInt64, role: Role) { self.init(id: id, role: role, user: 0) }

    /// What it is owed, a line each; takes it away.
    func takeLines() -> [String] {
        let text = String(decoding: replies.buffer.bytes.copied(), as: UTF8.self)
        replies.buffer.removeAll()
        return text.split(separator: "\r\n", omittingEmptySubsequences: true).map(String.init)
    }
}

extension RawSpan {
    func copied() -> [UInt8] {
        (0..<byteCount).map { unsafe unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
}
