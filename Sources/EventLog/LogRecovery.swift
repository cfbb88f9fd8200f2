internal import EventModel
internal import LMDB

/// Reads the log when it is opened and prepares what the writer must know: the newest block, the
/// state of the digest chain, and which (source, id) there are.
struct LogRecovery: ~Copyable {
    private let segment: Segment
    private let head: HeadSignal
    private var tail: LogTail
    private var once: OnceTable
    private var newest: BlockHeader?

    init(segment: Segment, head: HeadSignal) throws(EventLogError) {
        self.segment = segment
        self.head = head
        tail = LogTail(first: segment.first, digest: segment.start)
        newest = try Self.newestBlock(segment)
        once = OnceTable(minimumCapacity: Int(newest?.last.rawValue ?? 0))
        if let newest { head.publish(newest.last) }
    }

    mutating func run(progress: (Position, Position) -> Void) throws(EventLogError) {
        guard let newest else { return }
        let last = newest.last
        var reader = try LogReader(segment: segment, head: head)
        var next = segment.first
        while next <= last {
            let chunkEnd = min(last, Position(next.rawValue + 65_535))
            do throws(ReadFailure<Never>) {
                next = try reader.events(from: next, through: chunkEnd) { (event) throws(Never) in
                    take(event, newest)
                    return true
                }
            } catch {
                switch error {
                case .log(let error): throw error
                }
            }
            progress(chunkEnd, last)
        }
    }

    private mutating func take(_ event: borrowing EventView, _ newest: BlockHeader) {
        if !event.isErased {
            once.insert(
                OnceTable.hash(source: event.source, id: event.id), at: event.position)
        }
        if event.position == newest.first { tail.open(at: newest.first) }
        if event.position >= newest.first {
            tail.restore(event, digest: newest.digest)
        } else {
            tail.note(recorded: event.recorded)
        }
    }

    consuming func finish(randomBytes: @escaping () -> UInt64) throws(EventLogError) -> LogWriter {
        if let newest {
            tail.seedGroup = newest.last.rawValue / LogLimits.positionsPerSeed
            tail.seed = try Self.seed(segment, group: tail.seedGroup)
        }
        return try LogWriter(
            segment: segment, head: head, tail: tail, once: once, randomBytes: randomBytes)
    }

    private static func newestBlock(_ segment: Segment) throws(EventLogError) -> BlockHeader? {
        do {
            let transaction = try segment.environment.beginRead()
            var cursor = try transaction.cursor(segment.blocks)
            guard try cursor.last() else { return nil }
            return try BlockHeader(checking: cursor.value, key: cursor.integerKey)
        } catch let error as EventLogError {
            throw error
        } catch let error as LMDBError {
            throw .storage(error)
        } catch {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
    }

    private static func seed(_ segment: Segment, group: UInt64) throws(EventLogError) -> [UInt8] {
        do throws(LMDBError) {
            let transaction = try segment.environment.beginRead()
            if let seed = try transaction.get(segment.seeds, key: group), seed.byteCount == 32 {
                return seed.copied()
            }
        } catch {
            throw .storage(error)
        }
        throw .notAStore(
            path: segment.environment.path, found: "the salt seed of group \(group) is missing")
    }
}
