internal import Consumers
internal import EventLog
internal import EventModel
internal import Glibc
internal import Projecting

/// Whether this program can open a store that another version of it may have written, and what
/// that would take; what `--check-upgrade` says.
public struct UpgradeCheck {
    /// Whether the store can be opened.
    public let isPossible: Bool
    /// What was found, for people.
    public let text: String

    /// Looks at a store, which nobody needs to let go of: a daemon may be serving it.
    public init(store: String, version: String) {
        let findings: [StoreFormats.Finding]
        do throws(EventLogError) {
            findings = try StoreFormats.look(store: store)
        } catch {
            isPossible = false
            text = "\(error)\n"
            return
        }
        var lines: [String] = []
        for kind in StoreFormats.Kind.allCases {
            let own = findings.filter { $0.kind == kind }
            guard !own.isEmpty else { continue }
            let read = own.filter { $0.refusal == nil }.count
            lines.append(Self.line(kind.rawValue, "\(read) of \(own.count) read"))
            for finding in own {
                guard let refusal = finding.refusal else { continue }
                let end = finding.isDisposable ? "; made anew from the log" : ""
                lines.append("  \(finding.file): \(refusal)\(end)")
            }
        }
        let consumers = ConsumerFile.faults(store: store)
        lines.append(Self.line("consumers", consumers.isEmpty ? "read" : "not read"))
        lines += consumers.map { "  \($0)" }
        var anew: [String] = []
        for (name, upgrade) in ViewSet.upgrades(folder: store + "/views") {
            switch upgrade {
            case .kept: lines.append(Self.line("view \(name)", "kept"))
            case .foldedAnew(let file):
                anew.append(file)
                lines.append(
                    Self.line("view \(name)", "folded anew, from \(file); -REBUILDING until then"))
            case .prepared(let position):
                lines.append(
                    Self.line("view \(name)", "prepared, folded on from position \(position)"))
            }
        }
        if !anew.isEmpty { lines += Self.effort(of: anew, store) }
        if !ViewSet.outdated(folder: store + "/views").isEmpty {
            lines.append("to have them ready before: throughline replay \(store) --prepare")
        }
        isPossible =
            consumers.isEmpty && findings.allSatisfy { $0.refusal == nil || $0.isDisposable }
        if isPossible { lines += Self.wayBack(store) }
        let end = isPossible ? "can open" : "cannot open"
        text = (lines + ["throughlined \(version) \(end) \(store)"]).joined(separator: "\n") + "\n"
    }

    /// What a fold takes in a second of a processor, more or less; `bench/README.md` has each.
    private static let eventsPerSecond: UInt64 = 250_000

    /// How long folding views anew takes, and how much room beside the old files, going by these.
    private static func effort(of files: [String], _ store: String) -> [String] {
        let head: Position
        do throws(EventLogError) {
            head = try StoredLog.open(store: store).source.head.position
        } catch {
            return [line("folding anew", "how many events cannot be told: \(error)")]
        }
        let bytes = files.reduce(0 as Int64) { sum, file in
            var status = stat()
            // One that has just gone needs no room any more.
            let isThere = unsafe stat(store + "/views/" + file, &status) == 0
            return sum + (isThere ? Int64(status.st_size) : 0)
        }
        let seconds = head.rawValue * UInt64(files.count) / eventsPerSecond + 1
        return [
            line(
                "folding anew",
                "\(head) events for \(files.count == 1 ? "one view" : "each of \(files.count) views"), "
                    + "some \(seconds) s of a processor; \(bytes) bytes, as many as the old have")
        ]
    }

    /// Whether the program that wrote the store opens it again once this one has.
    private static func wayBack(_ store: String) -> [String] {
        let isEarlier: Bool
        do throws(ConsumerError) {
            isEarlier = try ConsumerFile.isOfEarlierFormat(store: store)
        } catch {
            return [line("going back", "cannot be told: \(error)")]
        }
        return [
            line(
                "going back",
                isEarlier
                    ? "only with a copy of \(ConsumerFile.name) made before: this program writes what "
                        + "the other refuses to read"
                    : "possible until somebody is erased by this program; views that it folds anew, "
                        + "the other does too")
        ]
    }

    private static func line(_ what: String, _ found: String) -> String {
        what + String(repeating: " ", count: max(1, 18 - what.utf8.count)) + found
    }
}
