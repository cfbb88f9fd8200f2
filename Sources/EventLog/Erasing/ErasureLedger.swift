public import EventModel
internal import Glibc

/// Which erasures and redactions a store has had, kept beside its backups: whoever restores one that
/// is older must carry them out on it. It says nothing of any person:
///
///     throughline-erasures 1
///     store <32 hexadecimal digits>
///     epoch <number> <position of the event that began it>
///     …
///     erasure <epoch> <position> <surrogate> <erased positions or -> <quoted positions or ->
///     redaction <epoch> <position> <parts>
///     …
///
/// A line for each epoch but the first, and for each `customer.erased` and `event.redacted`, in the order of (epoch, position); positions
/// as `ErasedPositions` writes them, parts as `RedactedParts` does.
public struct ErasureLedger: Sendable, Equatable {
    /// One line.
    public struct Entry: Sendable, Equatable {
        /// The epoch of the store.
        public let epoch: UInt64
        /// The position of the event that says it.
        public let position: Position
        /// What goes.
        public let what: Erasure.What

        /// The same entry for a log that ends at a position.
        func through(_ last: Position) -> Entry {
            Entry(epoch: epoch, position: position, what: what.through(last))
        }
    }

    /// The store's id.
    public let store: String
    /// The epochs of the store as of the newest entry, but for the first.
    private(set) var epochs: [StoreEpoch] = []
    /// All of them, the oldest first.
    public private(set) var entries: [Entry] = []

    /// The name of its file in the folder of backups.
    public static let fileName = "erasures.ledger"

    init(store: String) { self.store = store }

    /// Adds an erasure that it does not have yet.
    mutating func add(_ erasure: Erasure, epoch: UInt64) {
        guard !entries.contains(where: { $0.epoch == epoch && $0.position == erasure.position })
        else { return }
        entries.append(Entry(epoch: epoch, position: erasure.position, what: erasure.what))
    }

    /// The text of the file.
    public var text: String {
        var text = "throughline-erasures 1\nstore \(store)\n"
        for epoch in epochs { text += "epoch \(epoch.number) \(epoch.position)\n" }
        for entry in entries { text += entry.line }
        return text
    }

    /// Why a text is no ledger.
    struct Fault: Error {
        /// Counted from 1.
        let line: Int
        let expected: String
    }

    /// Reads the text.
    init(_ text: String) throws(Fault) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines[0] == "throughline-erasures 1" else {
            throw Fault(line: 1, expected: "throughline-erasures 1")
        }
        let store = lines.count > 1 ? lines[1] : ""
        guard store.hasPrefix("store "), store.utf8.count == 38,
            Hexadecimal.isRight(String(store.dropFirst(6)))
        else { throw Fault(line: 2, expected: "store and 32 hexadecimal digits") }
        self.store = String(store.dropFirst(6))
        guard lines.count > 2, lines[lines.count - 1] == "" else {
            throw Fault(line: lines.count, expected: "a line break at its end")
        }
        for (number, line) in lines.enumerated().dropFirst(2).dropLast() {
            do throws(Misread) {
                if line.hasPrefix("epoch ") {
                    epochs.append(try StoreEpoch(line))
                } else {
                    entries.append(try Entry(line))
                }
            } catch {
                throw Fault(line: number + 1, expected: error.expected)
            }
        }
    }

    /// Says that erasures were made in an epoch that has too little in common with a log.
    struct Apart: Error {
        /// The last position that both have; nil where the ledger does not say it.
        let lastCommon: Position?
    }

    /// What a log that ends at a position of an epoch does not know of.
    ///
    /// - Throws: `Apart` where some of it was said in a later epoch, with which the log has less in
    ///   common than it holds: positions behind that are other events there.
    func behind(epoch: UInt64, _ position: Position) throws(Apart) -> ErasureLedger {
        var rest = ErasureLedger(store: store)
        rest.epochs = epochs
        rest.entries = entries.filter { ($0.epoch, $0.position) > (epoch, position) }
            .map { $0.through(position) }
        guard let newest = rest.entries.map(\.epoch).max(), newest > epoch else { return rest }
        for number in epoch + 1...newest {
            guard let begun = epochs.first(where: { $0.number == number }) else {
                throw Apart(lastCommon: nil)
            }
            let lastCommon = Position(begun.position.rawValue - 1)
            guard position <= lastCommon else { throw Apart(lastCommon: lastCommon) }
        }
        return rest
    }

    /// Reads a file; nil when there is none.
    ///
    /// - Throws: `notAStore`, which names the line, when it is no ledger; `system`.
    public static func read(_ path: String) throws(EventLogError) -> ErasureLedger? {
        guard let text = try SmallFile.read(path) else { return nil }
        do throws(Fault) {
            return try ErasureLedger(text)
        } catch {
            // What stands there may be anything, also personal: it is not repeated.
            throw .notAStore(
                path: path,
                found: "it is no ledger of erasures: line \(error.line) is not \(error.expected)")
        }
    }

    /// Adds erasures to the ledger in a folder of backups, which is on disk when this returns.
    ///
    /// - Parameter epochs: Those of the store, the present one last.
    static func note(
        _ erasures: [Erasure], store: String, epochs: [StoreEpoch], folder: String
    ) throws(EventLogError) {
        try StoreFolder.makeFolder(folder)
        let path = folder + "/" + fileName
        var ledger = try read(path) ?? ErasureLedger(store: store)
        guard ledger.store == store else {
            throw .notAStore(path: path, found: "it is the ledger of another store")
        }
        ledger.epochs = epochs.filter { $0.number > 1 }
        for erasure in erasures { ledger.add(erasure, epoch: epochs.last?.number ?? 1) }
        try SmallFile.write(ledger.text, to: path)
    }
}

/// Why a line is none.
private struct Misread: Error {
    let expected: String
}

extension StoreEpoch {
    fileprivate init(_ line: Substring) throws(Misread) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, let number = UInt64(words[1]), number > 1,
            let position = UInt64(words[2]), position >= 1
        else { throw Misread(expected: "an epoch with its number and the position of its event") }
        self.init(number: number, position: Position(position))
    }
}

extension ErasureLedger.Entry {
    /// Its line.
    var line: String {
        let place = "\(what.kind.rawValue) \(epoch) \(position)"
        switch what {
        case .person(let surrogate, let erased, let quoted):
            let words = [erased, quoted].map { $0.isEmpty ? "-" : $0.text }
            return "\(place) \(surrogate.text) \(words[0]) \(words[1])\n"
        case .parts(let parts): return "\(place) \(parts.text)\n"
        }
    }

    fileprivate init(_ line: Substring) throws(Misread) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard let kind = Erasure.Kind(rawValue: String(words[0])),
            words.count == (kind == .erasure ? 6 : 4), let epoch = UInt64(words[1]),
            let position = UInt64(words[2])
        else {
            throw Misread(
                expected: "an erasure or a redaction with its epoch, its position and what went")
        }
        switch kind {
        case .redaction:
            guard words[3].utf8.count <= EventLimits.textBytesMax,
                let parts = RedactedParts(String(words[3])), !parts.isEmpty
            else { throw Misread(expected: "one whose parts are like 17:text@5+12&title;18:data") }
            self.init(epoch: epoch, position: Position(position), what: .parts(parts))
        case .erasure:
            guard let surrogate = Surrogate(String(words[3])) else {
                throw Misread(expected: "one with a surrogate as its fourth word")
            }
            self.init(
                epoch: epoch, position: Position(position),
                what: .person(
                    surrogate, erased: try Self.positions(words[4], "erased"),
                    quoted: try Self.positions(words[5], "quoted")))
        }
    }

    /// Reads positions that an event of the log can say again.
    private static func positions(
        _ word: Substring, _ name: String
    ) throws(Misread) -> ErasedPositions {
        guard word.utf8.count <= EventLimits.textBytesMax,
            let positions = ErasedPositions(word == "-" ? "" : String(word))
        else {
            throw Misread(
                expected: "one whose \(name) positions are - or groups like 0=0/0:5,9-12, all "
                    + "numbers in their bounds, in at most \(EventLimits.textBytesMax) bytes")
        }
        return positions
    }
}
