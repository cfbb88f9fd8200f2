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
                entries.append(try Entry(line))
            } catch {
                throw Fault(line: number + 1, expected: error.expected)
            }
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
    /// - Throws: `notAStore`, which names the line, when it is no ledger; `system`.
    public static func read(_ path: String) throws(EventLogError) -> ErasureLedger? {
        guard let text = try SmallFile.readWhole(path) else { return nil }
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

/// Why a line is none.
private struct Misread: Error {
    let expected: String
}

extension ErasureLedger.Entry {
    fileprivate init(_ line: Substring) throws(Misread) {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0] == "erasure", let epoch = UInt64(words[1]),
            let position = UInt64(words[2])
        else { throw Misread(expected: "an erasure with its epoch, its position and three words") }
        guard let surrogate = Surrogate(String(words[3])) else {
            throw Misread(expected: "one with a surrogate as its fourth word")
        }
        self.init(
            epoch: epoch, position: Position(position), surrogate: surrogate,
            erased: try Self.positions(words[4], "erased"),
            quoted: try Self.positions(words[5], "quoted"))
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
