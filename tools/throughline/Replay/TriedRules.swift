import EventLog
import EventModel
import Glibc
import Importing
import JSON
import Projecting
import Views

/// What other rules of identity would make of all events of a log: who would join, who would split.
struct TriedRules {
    private let events: UInt64
    private let found: PersonDifference

    /// Folds who is who twice: by the rules that the log says, and by those of a body of
    /// `definition.set kind identityRules` over all events.
    init(_ body: String, on log: StoredLog, examples: Int) throws {
        events = log.source.head.position.rawValue
        let next = log.source.head.position.next
        guard let tried = IdentityGeneration(trying: body, at: next) else {
            throw ToolFailure("these are no identity rules: their body cannot be read")
        }
        let inUse = try FoldedIdentity(log.source, nil)
        let other = try FoldedIdentity(log.source, tried)
        do throws(ViewFault) {
            found = try PersonDifference(
                from: inUse.views.identity.snapshot(), to: other.views.identity.snapshot(),
                examples: examples)
        } catch {
            throw ToolFailure("\(error)")
        }
    }

    var text: String {
        var lines = [
            "events     \(Int(events).grouped)",
            "persons    \(found.before.grouped) now, \(found.after.grouped) by these rules",
            "join       \(found.joined.grouped) into \(found.joinedInto.grouped)",
            "split      \(found.split.grouped)",
            "nobody's   \(found.nobodys.grouped) identifiers",
        ]
        lines += found.joins.map { example in
            let names = zip(example.before, example.identifiers).map {
                "\($0) (\(Escaping.printable($1)))"
            }
            return "  \(names.joined(separator: ", ")) would be one"
        }
        lines += found.splits.map { example in
            let names = example.identifiers.map { Escaping.printable($0) }
            return "  \(example.before[0]) would be \(names.count): "
                + names.joined(separator: ", ")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    var json: String {
        func count(_ name: String, _ number: Int) -> JSONValue.Member {
            JSONValue.Member(name, .integer(Int64(number)))
        }
        func examples(_ name: String, _ list: [PersonDifference.Example]) -> JSONValue.Member {
            JSONValue.Member(
                name,
                .array(
                    list.map { example in
                        .object([
                            JSONValue.Member(
                                "before", .array(example.before.map { .string("\($0)") })),
                            JSONValue.Member(
                                "after", .array(example.after.map { .string("\($0)") })),
                            JSONValue.Member(
                                "identifiers", .array(example.identifiers.map { .string($0) })),
                        ])
                    }))
        }
        var bytes: [UInt8] = []
        JSONValue.object([
            JSONValue.Member("events", .integer(Int64(clamping: events))),
            count("persons_before", found.before), count("persons_after", found.after),
            count("joined", found.joined), count("joined_into", found.joinedInto),
            count("split", found.split), count("nobodys", found.nobodys),
            examples("joins", found.joins), examples("splits", found.splits),
        ]).write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }
}

/// Who is who, folded from all of a log in a folder that goes with it.
private final class FoldedIdentity {
    let views: ViewSet
    private let folder: String

    init(_ log: LogSource, _ tried: IdentityGeneration?) throws {
        folder = FoldedViews.temporary
        guard unsafe mkdir(folder, 0o700) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw ToolFailure("cannot make the folder \(folder): \(reason)")
        }
        do throws(ViewFault) {
            views = try ViewSet(stillOn: log, folder: folder, trying: tried)
            try views.identity.catchUp()
        } catch {
            FoldedViews.remove(folder)
            throw ToolFailure("\(error)")
        }
    }

    deinit { FoldedViews.remove(folder) }
}
