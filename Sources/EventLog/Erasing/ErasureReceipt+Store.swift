public import EventModel

/// Writing receipts, and holding a store against them. A daemon may have the store open.
extension ErasureReceipt {
    /// Signs what an erasure or a redaction has taken out of a store.
    ///
    /// - Parameters:
    ///   - path: The store's folder.
    ///   - now: The wall clock.
    /// - Throws: `.unknown`, `.pending`, `.otherEvent` where something is still there.
    @available(*, noasync)
    public static func make(
        of kind: Erasure.Kind, _ number: UInt64, store path: String,
        with key: borrowing CheckpointKey, now: Timestamp
    ) throws(ReceiptError) -> ErasureReceipt {
        let taken = try Taken.read(kind, number, store: path)
        let values = try taken.values(store: path)
        do throws(CheckpointError) {
            return try ErasureReceipt(signing: values, taken.entries, with: key, now: now)
        } catch {
            throw .checkpoint(error)
        }
    }

    /// The store's id.
    public var store: String { values[1] }

    /// Holds a store against the receipt.
    ///
    /// - Returns: Of how many events more has been taken since.
    /// - Throws: `.badSignature`, `.otherStore`, `.unknown`, `.pending`, `.otherValue`, `.otherEvent`.
    @available(*, noasync)
    public func check(
        store path: String, publicKey: borrowing CheckpointKey
    ) throws(ReceiptError) -> Int {
        guard isSigned(by: publicKey) else { throw .badSignature }
        let taken = try Taken.read(kind, number, store: path)
        guard store == taken.store else {
            throw .otherStore(found: taken.store, expected: store)
        }
        let found = try taken.values(store: path)
        for (index, name) in Self.names.enumerated()
        where found[index] != values[index] && name != "epoch" {
            throw .otherValue(name)
        }
        for (found, told) in zip(taken.entries, entries) {
            let isChanged = found.before == told.before && taken.later.contains(told.position)
            guard found.position == told.position, found == told || isChanged else {
                throw .otherEvent(told.position)
            }
        }
        return taken.later.count
    }
}

/// What a store says of an erasure or a redaction that is carried out.
private struct Taken {
    let store: String
    let statement: ErasureStatement
    let completed: Position
    /// What is left of the events.
    private(set) var entries: [ErasureReceipt.Entry] = []
    /// Of which of them more has been taken since.
    private(set) var later: Set<Position> = []

    // The log is closed again behind this: a digest is read by who opens its segments anew.
    static func read(
        _ kind: Erasure.Kind, _ number: UInt64, store path: String
    ) throws(ReceiptError) -> Taken {
        let log: StoredLog
        let all: [ErasureStatement]
        do throws(EventLogError) {
            log = try StoredLog.open(store: path)
            all = try log.statements()
        } catch {
            throw .log(error)
        }
        let found = all.first { $0.erasure.kind == kind && $0.erasure.number == number }
        guard let found else { throw .unknown(kind, number) }
        guard let completed = found.completed else { throw .pending(kind, number) }
        var taken = Taken(store: log.storeID, statement: found, completed: completed)
        try taken.readEntries(log)
        return taken
    }

    private init(store: String, statement: ErasureStatement, completed: Position) {
        self.store = store
        self.statement = statement
        self.completed = completed
    }

    private mutating func readEntries(_ log: StoredLog) throws(ReceiptError) {
        let said = statement.erasure.position
        var removals: [(position: Position, part: PartRemoval)] = []
        statement.erasure.forEachRemoval { removals.append(($0, $1)) }
        removals.sort { $0.position < $1.position }
        var reader: LogReader
        do throws(EventLogError) {
            reader = try log.source.makeReader()
        } catch {
            throw .log(error)
        }
        for removal in removals {
            do throws(ReadFailure<ReceiptError>) {
                _ = try reader.event(at: removal.position) { (event) throws(ReceiptError) in
                    guard let remnant = event.remnant, remnant.cause >= said,
                        RemnantWriter.isAsCommitted(event), event.lacks(removal.part)
                    else { throw .otherEvent(removal.position) }
                    if remnant.cause > said { later.insert(removal.position) }
                    entries.append(
                        .init(
                            position: removal.position,
                            before: Digest(reading: remnant.commitment),
                            after: Digest(reading: remnant.restCommitment)))
                }
            } catch {
                switch error {
                case .log(let error): throw .log(error)
                case .body(let error): throw error
                }
            }
        }
    }

    /// The values of a receipt's lines before the events.
    func values(store path: String) throws(ReceiptError) -> [String] {
        let erasure = statement.erasure
        // There is nothing before the first event, nor a digest.
        let before = Position(erasure.position.rawValue - 1)
        let epoch: UInt64
        let digests: [Digest]
        do throws(CheckpointError) {
            let after = try StoreProof.read(store: path, at: completed)
            epoch = after.epoch
            digests = [
                before == .zero ? .zero : try StoreProof.read(store: path, at: before).digest,
                after.digest,
            ]
        } catch {
            throw .checkpoint(error)
        }
        return [
            "1", store, "\(epoch)", erasure.kind.rawValue, "\(erasure.number)",
            "\(erasure.position)", statement.recorded.rfc3339, Self.line(statement.actor ?? ""),
            Self.line(statement.request ?? ""), Self.line(statement.reason), "\(completed)",
            digests[0].hexadecimal, digests[1].hexadecimal, "\(entries.count)",
        ]
    }

    private static func line(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case "\r": line += "\\r"
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }
}

extension EventView {
    /// Tells whether an event has nothing of what a removal takes.
    fileprivate func lacks(_ removal: PartRemoval) -> Bool {
        var record: [UInt8] = []
        writeRest(removing: removal, to: &record)
        // What is gone cannot be taken once more: the same is left.
        let partStart = EventCodec.Offset.skeleton + skeleton.byteCount
        return unsafe record.span.bytes.extracting(partStart..<record.count).equals(personalPart)
    }
}
