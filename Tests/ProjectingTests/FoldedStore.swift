import EventLog
import EventModel
import Foundation
import LMDB
import Views

@testable import Projecting

/// A store with its views, opened as a daemon opens it; everything is closed when it is let go.
final class FoldedStore {
    let log: EventLog
    let views: ViewSet
    private let writer: LogWriter
    private let folder: StoreFolder
    private var intake = EventIntake()

    static let noon = Timestamp(milliseconds: 1_767_268_800_000)

    /// - Parameter viewMapBytes: The most that the file of a view may take, and of all that the process
    ///   opens from then on; nil for as much as views have.
    init(_ path: String, viewMapBytes: Int? = nil) throws {
        folder = try StoreFolder(path: path, now: Self.noon, randomBytes: { 1 })
        (log, writer) = try EventLog.open(folder: folder)
        if let viewMapBytes { Environment.limitMaps(toBytes: viewMapBytes) }
        views = try ViewSet(log: log, folder: folder.viewsPath)
    }

    deinit {
        log.head.stop()
        views.stop()
    }

    /// Stores an event: its type, then names and values, with blanks between them.
    func append(_ line: String) throws {
        try stage(line, now: Self.noon)
        try commit(now: Self.noon)
    }

    /// Ends the segment behind what is stored, and waits until it has its final form.
    func endSegment() {
        writer.endSegment()
        log.settleSealing()
    }

    /// Stores what was staged.
    func commit(now: Timestamp) throws { try writer.commit(now: now) }

    /// Stages an event for the next commit; `~` stands for a blank within a value.
    func stage(_ line: String, now: Timestamp) throws {
        let words = line.split(separator: " ").map {
            Array($0.utf8).map { $0 == UInt8(ascii: "~") ? UInt8(ascii: " ") : $0 }
        }
        _ = try writer.stage { (records) throws(EventRefusal) in
            let type = words[0]
            try unsafe intake.begin(type: type.span.bytes, now: now)
            for index in stride(from: 1, to: words.count, by: 2) {
                let (name, value) = (words[index], words[index + 1])
                try unsafe intake.take(name.span.bytes, value.span.bytes)
            }
            try intake.finish(into: &records)
        }
    }

    /// Stores the calls of some customers, each created and queued.
    func appendCalls(_ numbers: ClosedRange<Int>, source: String = "pbx") throws {
        for number in numbers {
            try append(
                "interaction.created source \(source) id \(number):1 interaction c-\(number) "
                    + "channel voice direction inbound method inbound customer crm:\(number % 3)")
            try append(
                "queue.entered source \(source) id \(number):2 interaction c-\(number) "
                    + "queue billing customer crm:\(number % 3)")
        }
    }

    /// Waits until every view reflects the whole log.
    func catchUp() {
        let last = log.head.position
        guard last > .zero else { return }
        let before = Position(last.rawValue - 1)
        for progress in [
            views.identity.progress, views.queues.progress, views.metrics.progress,
            views.customers.progress,
        ] { _ = progress.wait(beyond: before) }
    }

    /// Every row of every view.
    func rows() throws -> [[UInt8]: [UInt8]] { try Self.rows(of: views) }

    /// Every row of every view.
    static func rows(of views: ViewSet) throws -> [[UInt8]: [UInt8]] {
        var all: [[UInt8]: [UInt8]] = [:]
        for (name, snapshot) in [
            ("i", views.identity.snapshot), ("q", views.queues.snapshot),
            ("m", views.metrics.snapshot), ("c", views.customers.snapshot),
        ] {
            try snapshot().rows(from: [0], below: [UInt8](repeating: 0xFF, count: 16)) {
                (key, row) throws(ViewFault) in
                all[Array(name.utf8) + copied(key)] = copied(row)
                return true
            }
        }
        return all
    }
}

/// Waits until a projection stands still; returns why.
func whyHalted<Fold: ~Copyable>(_ projector: Projector<Fold>) -> String {
    let moved = DispatchSemaphore(value: 0)
    projector.observe { moved.signal() }
    while true {
        if let fault = projector.status.fault { return fault }
        moved.wait()
    }
}

/// Waits until a projection stands as wanted.
func wait<Fold: ~Copyable>(
    _ projector: Projector<Fold>, until holds: (ProjectionStatus) -> Bool
) {
    let moved = DispatchSemaphore(value: 0)
    projector.observe { moved.signal() }
    while !holds(projector.status) { moved.wait() }
}

func copied(_ bytes: RawSpan) -> [UInt8] {
    (0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
}

/// A folder of its own for one test, removed with everything in it at the end.
final class TemporaryFolder {
    private let url: URL
    var path: String { url.path }
    var store: String { path + "/store" }

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("projecting-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The file of a view.
    func view<Fold: Projection & ~Copyable>(_ fold: Fold.Type, in store: String? = nil) -> String {
        "\(store ?? self.store)/views/\(Fold.name)-v\(Fold.version).view"
    }

    func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

/// A view's file while nobody has it open: for looking at its values and damaging them.
final class ViewFile {
    private let environment: Environment
    private let databases: [Database]

    init(_ path: String) throws {
        environment = try Environment.open(
            path: path, options: .init(mapBytes: 1 << 30, maxDatabases: 4, creation: .never))
        databases = try environment.openDatabases([
            .init("rows", keys: .bytes), .init("meta", keys: .bytes),
        ])
    }

    /// Changes every row as it is stored, checksum included, or those under some keys.
    func changeRows(
        where isChosen: ([UInt8]) -> Bool = { _ in true }, _ change: (inout [UInt8]) -> Void
    ) throws {
        var pairs: [(key: [UInt8], value: [UInt8])] = []
        try readPairs(into: &pairs)
        var transaction = try environment.beginWrite()
        for (key, value) in pairs where isChosen(key) {
            var value = value
            change(&value)
            try unsafe transaction.put(
                databases[0], key: key.span.bytes, value: value.span.bytes)
        }
        try transaction.commit()
    }

    /// Puts every row, as it is stored, under another key.
    func changeKeys(_ change: (inout [UInt8]) -> Void) throws {
        var pairs: [(key: [UInt8], value: [UInt8])] = []
        try readPairs(into: &pairs)
        var transaction = try environment.beginWrite()
        for (key, _) in pairs { try unsafe transaction.delete(databases[0], key: key.span.bytes) }
        for (key, value) in pairs {
            var key = key
            change(&key)
            try unsafe transaction.put(
                databases[0], key: key.span.bytes, value: value.span.bytes)
        }
        try transaction.commit()
    }

    private func readPairs(into pairs: inout [(key: [UInt8], value: [UInt8])]) throws {
        let transaction = try environment.beginRead()
        var cursor = try transaction.cursor(databases[0])
        var isOnPair = try cursor.first()
        while isOnPair {
            pairs.append((copied(cursor.key), copied(cursor.value)))
            isOnPair = try cursor.next()
        }
    }

    /// The checkpoint as it is stored.
    func checkpoint() throws -> [UInt8]? {
        let transaction = try environment.beginRead()
        let key = Array("checkpoint".utf8)
        guard let value = try unsafe transaction.get(databases[1], key: key.span.bytes) else {
            return nil
        }
        return copied(value)
    }

    /// Stores another checkpoint, or none.
    func put(checkpoint: [UInt8]?) throws {
        let key = Array("checkpoint".utf8)
        var transaction = try environment.beginWrite()
        if let checkpoint {
            try unsafe transaction.put(
                databases[1], key: key.span.bytes, value: checkpoint.span.bytes)
        } else {
            try unsafe transaction.delete(databases[1], key: key.span.bytes)
        }
        try transaction.commit()
    }
}
