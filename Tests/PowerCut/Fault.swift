/// One call of the daemon that is made to fail.
struct Fault: CustomStringConvertible {
    /// What is called.
    enum Kind: String, CaseIterable {
        case write, sync, truncate, mmap, open, rename
    }

    /// How it fails.
    enum How: String, CaseIterable {
        /// EIO.
        case failing = "5"
        /// ENOSPC.
        case noRoom = "28"
        /// Half of it is written.
        case short
    }

    /// On whose files.
    enum Place: String, CaseIterable {
        case description = "store/store.json"
        case journal = "store/journal"
        case log = "store/log"
        case views = "store/views"
    }

    let kind: Kind
    let place: Place
    /// Which of such calls, from 1 on.
    let number: Int
    let how: How
    /// Whether it is a write that is its own flush.
    var isDurableWrite = false

    /// The setting of `THROUGHLINE_RECORDER_FAULT`.
    var description: String { "\(kind.rawValue):\(place.rawValue):\(number):\(how.rawValue)" }

    /// Every call of a recording that can fail, each way in which it can.
    static func all(in entries: [Recording.Entry]) -> [Fault] {
        var paths: [UInt64: String] = [:]
        var counts: [String: Int] = [:]
        var faults: [Fault] = []
        for entry in entries {
            if entry.kind == .opened || entry.kind == .mapped { paths[entry.file] = entry.text }
            let kind: Kind
            switch entry.kind {
            case .writing: kind = .write
            case .flushing: kind = .sync
            case .cut: kind = .truncate
            case .mapped: kind = .mmap
            case .opened: kind = .open
            case .renamed: kind = .rename
            default: continue
            }
            let path = kind == .rename ? entry.text : paths[entry.file] ?? ""
            guard let place = Place.allCases.first(where: { path.hasPrefix($0.rawValue) }) else {
                continue
            }
            counts["\(kind) \(place)", default: 0] += 1
            let number = counts["\(kind) \(place)", default: 0]
            for how in How.allCases where how != .short || kind == .write {
                // Mapping needs no room.
                if how == .noRoom, kind == .mmap { continue }
                faults.append(
                    Fault(
                        kind: kind, place: place, number: number, how: how,
                        isDurableWrite: kind == .write
                            && entry.flags & Recording.Entry.durable != 0))
            }
        }
        return faults
    }
}
