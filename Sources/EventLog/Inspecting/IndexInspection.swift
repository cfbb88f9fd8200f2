internal import EventIndex
public import EventModel
internal import Glibc
internal import LMDB

/// One segment's index for who looks into it: read only, beside a daemon or without one.
public struct IndexInspection: Sendable {
    /// A run of an index.
    public struct Run: Sendable {
        /// The positions it covers.
        public let positions: Range<UInt64>
        /// How many ids it holds.
        public let ids: Int
        /// How many streams it holds.
        public let streams: Int
        /// How many positions stand under them.
        public let streamEntries: Int
        /// What is wrong with it; nil when nothing is.
        public let fault: String?
    }

    /// The file's name.
    public let file: String
    /// What is wrong with it as a whole; empty for a file that can be opened.
    public let faults: [String]
    /// Its runs, oldest first.
    public let runs: [Run]

    /// Reads the index of the segment that begins at a position.
    ///
    /// - Throws: What reading the store's own description throws.
    public static func read(
        store: String, first: Position
    ) throws(EventLogError) -> IndexInspection {
        let name = IndexFile.fileName(first: first)
        let path = store + "/log/" + name
        let id = try StoreFolder.readDescription(store).store
        let identity = StoreID(Hexadecimal.bytes(of: id).rawSpan)
        var faults: [String] = []
        var runs: [Run] = []
        do {
            let isShared = unsafe access(path + "-lock", R_OK | W_OK) == 0
            let pages = try Environment.pageFaults(
                path: path, sharedMapBytes: isShared ? 1 << 36 : nil)
            faults = pages.filter { !$0.isForWriting }.map { "\($0)" }
            if faults.isEmpty {
                let index =
                    isShared
                    ? try IndexFile.openShared(path: path, store: identity, first: first)
                    : try IndexFile.openSealed(path: path, store: identity, first: first)
                runs = Self.runs(IndexAudit(index))
            }
        } catch {
            faults.append("\(error)")
        }
        return IndexInspection(file: "log/" + name, faults: faults, runs: runs)
    }

    private static func runs(_ audit: borrowing IndexAudit) -> [Run] {
        var runs: [Run] = []
        for number in 0..<audit.runCount {
            var (ids, entries) = (0, 0)
            var streams: Set<KeyHash> = []
            var fault: String?
            do throws(IndexError) {
                try audit.ids(ofRun: number) { _, _ in ids += 1 }
                try audit.streams(ofRun: number) { stream, _ in
                    entries += 1
                    streams.insert(stream)
                }
            } catch {
                fault = "\(error)"
            }
            runs.append(
                Run(
                    positions: audit.positions(ofRun: number), ids: ids, streams: streams.count,
                    streamEntries: entries, fault: fault))
        }
        return runs
    }
}
