/// One call of the daemon that is made to fail, sometimes with those after it.
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
        /// Half of it is written, and there is no room for the rest.
        case shortNoRoom = "short+28"
        /// ENOSPC, and again at the next call.
        case noRoomTwice = "28+28"
        /// Half of it is written, and there is no room for the rest, nor for the next call.
        case shortNoRoomTwice = "short+28+28"
        /// ENOSPC, and EIO at the next call.
        case noRoomFailing = "28+5"

        /// Whether there was no room, whatever else happened.
        var isNoRoom: Bool { rawValue.contains("28") && self != .noRoomFailing }

        /// The ways in which a call of a kind fails at a place. What follows a commit's failure
        /// matters in the journal: there the daemon mends it at once.
        static func all(of kind: Kind, at place: Place) -> [How] {
            switch kind {
            case .write where place == .journal: allCases
            case .write: [.failing, .noRoom, .short]
            // Mapping needs no room.
            case .mmap: [.failing]
            case .sync, .truncate, .open, .rename: [.failing, .noRoom]
            }
        }
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
            faults += How.all(of: kind, at: place).map {
                Fault(kind: kind, place: place, number: number, how: $0)
            }
        }
        return faults
    }
}
