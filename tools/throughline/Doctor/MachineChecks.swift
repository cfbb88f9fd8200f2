import CClock
import Glibc
import Importing

/// What the machine lets a daemon do.
struct MachineChecks {
    private(set) var findings: [Finding] = []
    /// The daemon's process; nil for what a daemon started here would get.
    let process: Int32?

    init(process: Int32?) { self.process = process }

    /// - Parameter connections: How many the daemon is to serve at a time.
    mutating func run(connections: Int64, segments: Int) {
        checkFiles(connections: connections, segments: segments)
        checkMemory()
        checkKernel()
        checkTime()
    }

    private mutating func checkFiles(connections: Int64, segments: Int) {
        let limits = SystemFile.text("/proc/\(process.map { "\($0)" } ?? "self")/limits")
        // A segment has its file, its lock and its index; a view three files while it is folded anew.
        let needed = connections + Int64(segments) * 4 + 64
        guard let open = Self.limit("Max open files", in: limits) else {
            findings.append(
                .note(
                    "limits", "the daemon's limits cannot be read",
                    "run this as the daemon's user or as root"))
            return
        }
        if open < needed {
            findings.append(
                .problem(
                    "limits",
                    "\(Int(open).grouped) open files are allowed, \(Int(needed).grouped) needed for "
                        + "\(Int(connections).grouped) connections",
                    "LimitNOFILE=\(needed) in the service's unit, or ulimit -n; or fewer connections: "
                        + "--set limits.connections=N"))
        } else {
            let text = open == .max ? "any number of" : Int(open).grouped
            findings.append(
                .good("limits", "\(text) open files allowed, \(Int(needed).grouped) needed"))
        }
        if let space = Self.limit("Max address space", in: limits), space != .max {
            findings.append(
                .problem(
                    "limits", "the address space is limited to \(ByteText.text(space))",
                    "files are mapped as a whole: LimitAS=infinity, or ulimit -v unlimited"))
        }
        if let size = Self.limit("Max file size", in: limits), size != .max {
            findings.append(
                .problem(
                    "limits", "files may have \(ByteText.text(size)) at most",
                    "LimitFSIZE=infinity, or ulimit -f unlimited"))
        }
    }

    /// The soft limit of a line of /proc/<pid>/limits; nil where there is none.
    static func limit(_ name: String, in text: String?) -> Int64? {
        let line = text?.split(separator: "\n").first { $0.hasPrefix(name) }
        guard let word = line?.dropFirst(name.count).split(separator: " ").first else { return nil }
        return word == "unlimited" ? .max : Int64(word)
    }

    private mutating func checkMemory() {
        if SystemFile.text("/proc/sys/vm/overcommit_memory")?.first == "2" {
            findings.append(
                .note(
                    "memory",
                    "the kernel promises no more memory than there is (overcommit_memory 2)",
                    "maps of files are not counted, but a fold anew may be refused memory: "
                        + "sysctl vm.overcommit_memory=0"))
        }
        let info = SystemFile.text("/proc/meminfo") ?? ""
        let lines = info.split(separator: "\n")
        guard
            let total = lines.first(where: { $0.hasPrefix("MemTotal:") })?.split(separator: " ")
                .dropFirst().first.flatMap({ Int64($0) })
        else { return }
        findings.append(.good("memory", "\(ByteText.text(total * 1_024)) in this machine"))
    }

    private mutating func checkKernel() {
        let release = SystemFile.text("/proc/sys/kernel/osrelease") ?? ""
        let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
        guard numbers.count == 2 else { return }
        let version = "\(numbers[0]).\(numbers[1])"
        if (numbers[0], numbers[1]) < (5, 6) {
            findings.append(
                .problem(
                    "kernel", "Linux \(version)", "the daemon needs Linux 5.6 or later (openat2)"))
        } else {
            findings.append(.good("kernel", "Linux \(version)"))
        }
    }
}

/// Whether something keeps the machine's clock right.
extension MachineChecks {
    private mutating func checkTime() {
        var most = 0
        let state = unsafe throughline_clock_state(&most)
        findings.append(Self.time(state, errorMicroseconds: Int64(most)))
    }

    /// What the kernel's answer means.
    ///
    /// - Parameters:
    ///   - state: What adjtimex(2) returned: TIME_ERROR, or below 0, where nobody sets the clock.
    ///   - errorMicroseconds: How far the clock is off at most, as who sets it believes.
    static func time(_ state: Int32, errorMicroseconds: Int64) -> Finding {
        let advice =
            "recorded times are as right as it is; run chrony or systemd-timesyncd, and look with "
            + "timedatectl"
        guard state >= 0 else {
            return .note("time", "the kernel does not tell whether the clock is set by NTP", advice)
        }
        guard state != timeError else {
            return .note("time", "nothing sets the machine's clock by NTP", advice)
        }
        let most = errorMicroseconds / 1_000
        let text = "the machine's clock is set by NTP, off by \(Int(most).grouped) ms at most"
        return most > timeErrorMax ? .note("time", text, advice) : .good("time", text)
    }

    /// TIME_ERROR of <sys/timex.h>.
    private static let timeError: Int32 = 5
    /// Milliseconds. More than this puts the events of two machines in a wrong order that a person
    /// notices.
    private static let timeErrorMax: Int64 = 1_000
}

/// Small files of the system.
enum SystemFile {
    /// A file's text; nil where it cannot be read.
    static func text(_ path: String) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
