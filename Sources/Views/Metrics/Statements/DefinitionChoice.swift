internal import EventModel

/// WITH: a version of a definition by which figures are judged, whenever they are of, instead of the one
/// in force then.
public struct DefinitionChoice: Sendable, Hashable {
    /// `target`, `season` or `calendar`.
    public let kind: String
    /// Of which queue, season or target.
    public let key: String
    /// The version's name.
    public let version: String

    /// Reads `calendar/billing`; nil where that names no definition that figures are judged by.
    public init?(_ name: String, version: String) {
        let parts = name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, MetricsDefinitionKind(rawValue: String(parts[0])) != nil,
            !parts[1].isEmpty
        else { return nil }
        kind = String(parts[0])
        key = String(parts[1])
        self.version = version
    }

    /// Refuses a version that is not kept.
    static func check<Reader: ViewReader & ~Copyable>(
        _ choices: [DefinitionChoice], in reader: borrowing Reader
    ) throws(MetricsFault) {
        for choice in choices {
            var key = [MetricsDefinitionKind.prefix]
            key.append(keyText: choice.kind)
            key.append(keyText: choice.key)
            let found: DefinitionVersions?
            do throws(ViewFault) {
                found = try DefinitionVersions.decoded(try reader.row(key))
            } catch {
                throw .view(error)
            }
            guard found?.versions.contains(where: { $0.name == choice.version }) ?? false else {
                throw .refused(.unknownVersion)
            }
        }
    }
}

extension DefinitionVersions {
    /// Leaves only the version that was chosen, the last told of its name, where one was.
    mutating func choose(
        _ choices: [DefinitionChoice], _ kind: MetricsDefinitionKind, _ key: String
    ) {
        guard let choice = choices.first(where: { $0.kind == kind.rawValue && $0.key == key })
        else { return }
        keep(only: choice.version)
    }
}
