import EventLog
import EventModel
import Glibc
import Importing
import Projecting
import Views

/// What a store's folder tells by itself, with a daemon or without.
struct StoreChecks {
    let store: String
    let sizes: StoreSizes
    let room: DiskRoom?
    /// The last position; nil where the log cannot be read.
    private(set) var events: UInt64?
    private(set) var findings: [Finding] = []

    init(_ store: String) {
        self.store = store
        sizes = StoreSizes(of: store)
        room = DiskRoom(of: store)
    }

    mutating func run(now: Timestamp) {
        checkLog(now: now)
        checkDisk()
        checkPermissions()
        checkMarks()
        checkViews()
        checkBackups(now: now)
    }

    private mutating func checkLog(now: Timestamp) {
        do {
            let log = try StoredLog.open(store: store)
            let head = log.source.head.position
            events = head.rawValue
            findings.append(
                .good("log", "\(Int(clamping: head.rawValue).grouped) events, readable"))
            guard head > .zero else { return }
            var recorded = Timestamp.earliest
            var reader = try log.source.makeReader()
            _ = try reader.event(at: head) { recorded = $0.recorded }
            if recorded - now > 60_000 {
                findings.append(
                    .problem(
                        "clock", "the newest event is from \(recorded.rfc3339), which is to come",
                        "set the machine's clock right; a daemon refuses appends until then, or until "
                            + "`redis-cli -s SOCKET CLOCK ACCEPT`"))
            }
        } catch {
            findings.append(
                .problem(
                    "log", "it cannot be read: \(error)",
                    "throughline verify \(store) says what is damaged; restore a backup"))
        }
    }

    private mutating func checkDisk() {
        guard let room else {
            findings.append(
                .problem("disk", "its room cannot be told", "see whether the disk is there"))
            return
        }
        let reserve = sizes.largestSegment + sizes.largestView
        let share = room.total > 0 ? room.free * 100 / room.total : 0
        let what =
            "\(ByteText.text(room.free)) of \(ByteText.text(room.total)) free (\(share) %), the store "
            + "has \(ByteText.text(sizes.all))"
        if room.free < reserve {
            findings.append(
                .problem(
                    "disk", what,
                    "sealing and folding a view anew need \(ByteText.text(reserve)) beside: make room"
                ))
        } else if share < 10 {
            findings.append(
                .note(
                    "disk", what,
                    "throughline doctor --plan EVENTS-A-DAY says how long that is enough"))
        } else {
            findings.append(.good("disk", what))
        }
    }

    private mutating func checkPermissions() {
        var status = stat()
        guard unsafe stat(store, &status) == 0 else { return }
        let mode = status.st_mode & 0o777
        if mode & 0o007 != 0 {
            findings.append(
                .problem(
                    "permissions",
                    "everybody on this machine may look into \(store) (mode 0\(String(mode, radix: 8)))",
                    "chmod o= \(store)"))
        } else {
            findings.append(
                .good(
                    "permissions",
                    "the store is closed to others (mode 0\(String(mode, radix: 8)))"))
        }
        let closed = StoreLayout.files(of: store).filter {
            unsafe access(store + "/" + $0.name, R_OK) != 0
        }
        if let first = closed.first {
            findings.append(
                .problem(
                    "permissions",
                    "\(closed.count) files cannot be read by you, such as \(first.name)",
                    "run this as the daemon's user"))
        }
    }

    /// What the last daemon left for the next.
    private mutating func checkMarks() {
        for file in StoreLayout.files(of: store) {
            let name = file.name
            if name.hasSuffix(".damaged") {
                findings.append(
                    .problem(
                        "files", "\(name.dropLast(8)) is marked as damaged",
                        "restart the daemon: it makes the file anew from the log"))
            } else if name == "CRASHED" {
                findings.append(
                    .problem(
                        "files", "the last daemon died of a file, which CRASHED names",
                        "start the daemon: it looks at that file; then throughline verify \(store)")
                )
            } else if file.kind == StoreLayout.unknown {
                findings.append(
                    .note(
                        "files", "\(name) is not a file of ours",
                        "nothing of ours reads it; see who put it there"))
            }
        }
    }

    private mutating func checkViews() {
        let known = [
            (IdentityProjection.name, IdentityProjection.version),
            (QueuesProjection.name, QueuesProjection.version),
            (MetricsProjection.name, MetricsProjection.version),
            (CustomersProjection.name, CustomersProjection.version),
        ]
        let files = FolderListing.names(store + "/views").compactMap {
            StoredView.parts(ofFile: $0)
        }
        for (name, version) in known {
            let found = files.filter { $0.name == name }.map(\.version)
            if found.isEmpty || found.contains(version) { continue }
            findings.append(
                .note(
                    "versions",
                    "the \(name) view is of version \(found[0]), this program's fold is \(version)",
                    "a daemon of this version folds it anew, and answers -REBUILDING until then; "
                        + "throughline replay \(store) says how long that takes"))
        }
    }

    /// Where a daemon puts backups that is told nothing else.
    static func backupFolder(of store: String) -> String {
        (store.lastIndex { $0 != "/" }.map { store[...$0] } ?? "") + ".backups"
    }

    private mutating func checkBackups(now: Timestamp) {
        let folder = Self.backupFolder(of: store)
        let made = FolderListing.names(folder).compactMap { name -> (String, Int64)? in
            var status = stat()
            let path = "\(folder)/\(name)/backup.manifest"
            guard unsafe stat(path, &status) == 0 else { return nil }
            return (name, Int64(status.st_mtim.tv_sec))
        }
        guard let newest = made.max(by: { $0.1 < $1.1 }) else {
            findings.append(
                .note(
                    "backups", "there is none in \(folder)",
                    "throughline backup NAME makes one while the daemon serves; keep it on another disk"
                ))
            return
        }
        let age = Cell.duration(max(0, now.milliseconds - newest.1 * 1_000))
        let text = "the newest in \(folder) is \(newest.0), \(age) old"
        if now.milliseconds - newest.1 * 1_000 > 7 * 86_400_000 {
            findings.append(.note("backups", text, "throughline backup NAME makes another"))
        } else {
            findings.append(.good("backups", text))
        }
    }
}
