internal import EventIndex
internal import EventModel
internal import Glibc

/// The two files of a suppression list, both for the owner only. `key` holds 32 hexadecimal digits,
/// `list` grows by lines:
///
///     throughline-suppression 1
///     store <the store's id> key <16 digits by which the key is known>
///     names <surrogate> <position> <until, milliseconds> <hash>,<hash>,…
///     kept <surrogate>
///     …
///
/// `names` is written before the round with the erasure is committed, `kept` behind it. What stands
/// behind the last line's end is the rest of a write that a crash cut off.
struct SuppressionFile {
    /// What one erasure adds.
    struct Entry {
        let surrogate: Surrogate
        let position: Position
        let until: Timestamp
        let hashes: [KeyHash]
    }

    /// What a file says.
    struct Found {
        var entries: [(entry: Entry, isKept: Bool)] = []
        /// Whether some entries are not known to be kept, or a line is cut off.
        var isUnsettled = false
    }

    private let folder: String
    private let store: String
    private let newKey: HashKey
    /// The key; nil until there is one.
    private(set) var key: HashKey?

    private var listPath: String { folder + "/list" }
    private var keyPath: String { folder + "/key" }
    private static let firstLine = "throughline-suppression 1"

    init(folder: String, store: String, newKey: HashKey) {
        self.folder = folder
        self.store = store
        self.newKey = newKey
    }

    /// Reads key and list.
    mutating func read() throws(EventLogError) -> Found {
        if let text = try SmallFile.read(keyPath) {
            guard let key = Self.key(text) else {
                throw .notAStore(path: keyPath, found: "it is no key of a suppression list")
            }
            self.key = key
        }
        guard let text = try SmallFile.read(listPath) else { return Found() }
        guard let key else {
            throw .notAStore(
                path: listPath,
                found: "its key is not beside it; put it back, or move the list away")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 3, lines[0] == Self.firstLine, lines[1] == head(key) else {
            throw .notAStore(
                path: listPath, found: "it is another store's suppression list, or of another key")
        }
        return try found(lines[2...])
    }

    private func found(_ lines: ArraySlice<Substring>) throws(EventLogError) -> Found {
        var found = Found()
        var places: [Surrogate: Int] = [:]
        for line in lines.dropLast() {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            if words.count == 2, words[0] == "kept", let surrogate = Surrogate(String(words[1])),
                let place = places[surrogate]
            {
                found.entries[place].isKept = true
            } else if let entry = Entry(words) {
                places[entry.surrogate] = found.entries.count
                found.entries.append((entry, false))
            } else {
                throw .notAStore(
                    path: listPath,
                    found: "line \(found.entries.count + 3) or one near it is damaged")
            }
        }
        found.isUnsettled = lines.last != "" || found.entries.contains { !$0.isKept }
        return found
    }

    /// The key, which is made when there is none.
    mutating func makeKey() throws(EventLogError) -> HashKey {
        if let key { return key }
        try StoreFolder.makeFolder(folder)
        try SmallFile.write(
            [newKey.first, newKey.second].map(\.digits).joined() + "\n", to: keyPath)
        key = newKey
        return newKey
    }

    private static func key(_ text: String) -> HashKey? {
        let digits = text.hasSuffix("\n") ? text.dropLast() : Substring(text)
        guard let hash = KeyHash(digits: digits) else { return nil }
        return HashKey(first: hash.high, second: hash.low)
    }

    private func head(_ key: HashKey) -> String {
        let none: [UInt8] = []
        let check = unsafe key.stream(kind: 0, name: none.span.bytes)
        return "store \(store) key \(check.high.digits)"
    }

    /// Writes the file anew.
    func rewrite(_ kept: [Entry]) throws(EventLogError) {
        guard let key else { return }
        let lines = kept.map { $0.line + "kept \($0.surrogate.text)\n" }.joined()
        try SmallFile.write("\(Self.firstLine)\n\(head(key))\n" + lines, to: listPath)
    }

    /// Appends an entry, which is on disk when this returns.
    func append(_ entry: Entry) throws(EventLogError) {
        if !StoreFolder.exists(listPath) { try rewrite([]) }
        try append(entry.line, isFlushed: true)
    }

    /// Notes that erasures are committed.
    func keep(_ entries: [Entry]) throws(EventLogError) {
        try append(
            entries.map { "kept \($0.surrogate.text)\n" }.joined(), isFlushed: false)
    }

    private func append(_ text: String, isFlushed: Bool) throws(EventLogError) {
        let descriptor = unsafe open(
            listPath, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        let length = lseek(descriptor, 0, SEEK_END)
        let bytes = Array(text.utf8)
        guard unsafe write(descriptor, bytes, bytes.count) == bytes.count,
            !isFlushed || fdatasync(descriptor) == 0
        else {
            let error = failure("write")
            // What was written of it stands behind the last whole line: the next start drops it.
            guard ftruncate(descriptor, length) == 0 else { throw failure("truncate") }
            throw error
        }
    }

    private func failure(_ operation: String) -> EventLogError {
        let reason = errno
        if reason == ENOSPC || reason == EDQUOT { return .full(operation: operation) }
        return .system(operation: operation, path: listPath, errno: reason)
    }
}

extension SuppressionFile.Entry {
    fileprivate var line: String {
        let hashes = hashes.map { $0.high.digits + $0.low.digits }.joined(separator: ",")
        return "names \(surrogate.text) \(position) \(until.rawValue) \(hashes)\n"
    }

    fileprivate init?(_ words: [Substring]) {
        guard words.count == 5, words[0] == "names", let surrogate = Surrogate(String(words[1])),
            let position = UInt64(words[2]), let until = Int64(words[3])
        else { return nil }
        self.surrogate = surrogate
        self.position = Position(position)
        self.until = Timestamp(milliseconds: until)
        let texts = words[4].split(separator: ",", omittingEmptySubsequences: false)
        hashes = texts.compactMap { KeyHash(digits: $0) }
        guard hashes.count == texts.count else { return nil }
    }
}

extension KeyHash {
    /// Reads 32 hexadecimal digits.
    fileprivate init?(digits: Substring) {
        guard digits.utf8.count == 32,
            digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x66 }),
            let high = UInt64(digits.prefix(16), radix: 16),
            let low = UInt64(digits.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }
}

extension UInt64 {
    /// 16 hexadecimal digits.
    fileprivate var digits: String {
        let text = String(self, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
