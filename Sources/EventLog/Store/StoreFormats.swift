internal import EventIndex
internal import EventModel
internal import Glibc
internal import LMDB

/// Whether this program reads the files of a store: the formats that they say they have, looked at
/// without the store's lock and without changing anything, also beside a daemon of another version.
public enum StoreFormats {
    /// What a file is.
    public enum Kind: String, CaseIterable, Sendable {
        case description = "store.json"
        case journal
        case segment = "segments"
        case index = "indexes"
    }

    /// What was found of one file.
    public struct Finding: Sendable {
        /// What the file is.
        public let kind: Kind
        /// Its path below the store's folder.
        public let file: String
        /// Why this program cannot read it; nil when it can.
        public let refusal: String?
        /// Whether it is made anew from the log when it cannot be read.
        public var isDisposable: Bool { kind == .index }
    }

    /// Looks at description, journal, segments and indexes, in this order.
    ///
    /// - Throws: `notAStore` where there is none; `system` where its folder cannot be listed.
    public static func look(store: String) throws(EventLogError) -> [Finding] {
        guard StoreFolder.exists(store + "/store.json") else {
            throw .notAStore(path: store, found: "it has no store.json")
        }
        var identity: (store: String, indexKey: String)?
        var findings: [Finding] = []
        findings.append(
            finding(.description, "store.json") { () throws(EventLogError) in
                identity = try StoreFolder.readDescription(store)
            })
        guard let identity else { return findings }
        if StoreFolder.exists(store + "/journal") {
            findings.append(
                finding(.journal, "journal") { () throws(EventLogError) in
                    _ = try JournalFile.readHead(store + "/journal", identity.store)
                })
        }
        guard StoreFolder.exists(store + "/log") else { return findings }
        let firsts = try SegmentFiles.firsts(store + "/log")
        for first in firsts {
            findings.append(segment(first, store, isNewest: first == firsts.last))
        }
        let id = StoreID(Hexadecimal.bytes(of: identity.store).rawSpan)
        for first in firsts {
            let file = "log/" + IndexFile.fileName(first: first)
            guard StoreFolder.exists(store + "/" + file) else { continue }
            findings.append(index(file, store, id, first))
        }
        return findings
    }

    private static func finding(
        _ kind: Kind, _ file: String, _ read: () throws(EventLogError) -> Void
    ) -> Finding {
        do throws(EventLogError) {
            try read()
            return Finding(kind: kind, file: file, refusal: nil)
        } catch {
            return Finding(kind: kind, file: file, refusal: "\(error)")
        }
    }

    /// Segments that have ended never change, and their lock files go when they are sealed.
    private static func segment(
        _ first: Position, _ store: String, isNewest: Bool
    ) -> Finding {
        let file = "log/" + Segment.fileName(first: first)
        let path = store + "/" + file
        return finding(.segment, file) { () throws(EventLogError) in
            _ =
                isNewest && isShared(path)
                ? try Segment.openShared(path: path, first: first)
                : try Segment.openUnchanging(path: path, first: first)
        }
    }

    private static func index(
        _ file: String, _ store: String, _ id: StoreID, _ first: Position
    ) -> Finding {
        let path = store + "/" + file
        do throws(IndexError) {
            _ =
                isShared(path)
                ? try IndexFile.openShared(path: path, store: id, first: first)
                : try IndexFile.openSealed(path: path, store: id, first: first)
            return Finding(kind: .index, file: file, refusal: nil)
        } catch {
            return Finding(kind: .index, file: file, refusal: "\(error)")
        }
    }

    /// Whether somebody may be writing a file: without a lock file nobody does, and none is made.
    private static func isShared(_ path: String) -> Bool {
        unsafe access(path + "-lock", R_OK | W_OK) == 0
    }
}
