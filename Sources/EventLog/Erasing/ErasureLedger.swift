public import EventModel
internal import Glibc

/// Which erasures a store has had, kept beside its backups: whoever restores one that is older must
/// carry them out on it. It says nothing of any person:
///
///     throughline-erasures 1
///     store <32 hexadecimal digits>
///     erasure <epoch> <position> <surrogate> <erased positions or -> <quoted positions or ->
///     …
///
/// A line for each `customer.erased`, in the order of (epoch, position); positions as `ErasedPositions`
/// writes them.
public struct ErasureLedger: Sendable, Equatable {
    /// One line.
    public struct Entry: Sendable, Equatable {
        /// The epoch of the store.
        public let epoch: UInt64
        /// The position of `customer.erased`.
        public let position: Position
        /// What stands for the person.
        public let surrogate: Surrogate
        /// Events of theirs.
        public let erased: ErasedPositions
        /// Events of others that name an identifier of theirs.
        public let quoted: ErasedPositions

        /// The same entry for a log that ends at a position.
        func through(_ last: Position) -> Entry {
            Entry(
                epoch: epoch, position: position, surrogate: surrogate,
                erased: erased.through(last), quoted: quoted.through(last))
        }
    }

    /// The store's id.
    public let store: String
    /// All erasures, the oldest first.
    public private(set) var entries: [Entry] = []

    /// The name of its file in the folder of backups.
    public static let fileName = "erasures.ledger"

    init(store: String) { self.store = store }

    /// Adds an erasure that it does not have yet.
    mutating func add(_ erasure: Erasure, epoch: UInt64) {
        guard !entries.contains(where: { $0.epoch == epoch && $0.position == erasure.position })
        else { return }
        entries.append(
            Entry(
                epoch: epoch, position: erasure.position, surrogate: erasure.surrogate,
                erased: erasure.erased,
                quoted: erasure.quoted))
    }

    /// The text of the file.
    public var text: String {
        var text = "throughline-erasures 1\nstore \(store)\n"
        for entry in entries {
            let words = [entry.erased, entry.quoted].map { $0.isEmpty ? "-" : $0.text }
            text += "erasure \(entry.epoch) \(entry.position) \(entry.surrogate.text) "
            text += "\(words[0]) \(words[1])\n"
        }
        return text
    }

    /// Reads the text; nil when it is not a ledger.
    public init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines.last == "", lines[0] == "throughline-erasures 1",
            lines[1].hasPrefix("store ")
        else { return nil }
        store = String(lines[1].dropFirst(6))
        guard store.utf8.count == 32, Hexadecimal.isRight(store) else { return nil }
        for line in lines[2...].dropLast() {
            guard let entry = Entry(line) else { return nil }
            entries.append(entry)
        }
    }

    /// What a log that ends at a position of an epoch does not know of.
    func behind(epoch: UInt64, _ position: Position) -> ErasureLedger {
        var rest = ErasureLedger(store: store)
        rest.entries = entries.filter { ($0.epoch, $0.position) > (epoch, position) }
            .map { $0.through(position) }
        return rest
    }

    /// Reads a file; nil when there is none.
    ///
    /// - Throws: `notAStore` when it is no ledger, `system`.
    public static func read(_ path: String) throws(EventLogError) -> ErasureLedger? {
        guard let text = try SmallFile.readWhole(path) else { return nil }
        guard let ledger = ErasureLedger(text) else {
            throw .notAStore(path: path, found: "it is no ledger of erasures")
        }
        return ledger
    }

    /// Adds erasures to the ledger in a folder of backups, which is on disk when this returns.
    static func note(
        _ erasures: [Erasure], store: String, epoch: UInt64, folder: String
    ) throws(EventLogError) {
        try StoreFolder.makeFolder(folder)
        let path = folder + "/" + fileName
        var ledger = try read(path) ?? ErasureLedger(store: store)
        guard ledger.store == store else {
            throw .notAStore(path: path, found: "it is the ledger of another store")
        }
        for erasure in erasures { ledger.add(erasure, epoch: epoch) }
        try SmallFile.write(ledger.text, to: path)
    }
}

extension ErasureLedger.Entry {
    fileprivate init?(_ line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0] == "erasure", let epoch = UInt64(words[1]),
            let position = UInt64(words[2]), let surrogate = Surrogate(String(words[3])),
            let erased = ErasedPositions(words[4] == "-" ? "" : String(words[4])),
            let quoted = ErasedPositions(words[5] == "-" ? "" : String(words[5]))
        else { return nil }
        self.init(
            epoch: epoch, position: Position(position), surrogate: surrogate, erased: erased,
            quoted: quoted)
    }
}
