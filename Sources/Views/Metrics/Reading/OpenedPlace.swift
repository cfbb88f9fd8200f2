internal import EventModel

/// Where a page of METRICS … EVENTS begins: its first item.
///
///     ended.1945632.c-17
///
/// A list, a quarter of an hour counted from 1970, and the name of an item of it. What is listed before
/// does not move when events come, so that a page begins where the one before it ended.
public struct OpenedPlace: Sendable {
    /// What is listed one behind the other.
    enum List: String, CaseIterable {
        case created, offered, ended
        /// Surveys about no interaction.
        case surveys
        /// Customers who were not let in, by position.
        case refused

        /// The list of contacts that are filed under an anchor.
        init?(_ anchor: MetricAnchor) {
            switch anchor {
            case .created: self = .created
            case .offered: self = .offered
            case .ended: self = .ended
            case .overlap: return nil
            }
        }

        var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    let list: List
    let quarter: Int32
    let name: String

    init(_ list: List, _ quarter: Timestamp, _ name: String) {
        self.list = list
        self.quarter = MetricInterval.quarter(of: quarter)
        self.name = name
    }

    /// Reads what `next` of a page says; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(
            separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let list = List(rawValue: String(parts[0])),
            let quarter = Int32(parts[1]),
            list != .refused || UInt64(parts[2]) != nil
        else { return nil }
        self.list = list
        self.quarter = quarter
        name = String(parts[2])
    }

    /// As a page says it.
    var text: String { "\(list.rawValue).\(quarter).\(name)" }

    /// Writes the part of a key that names the item.
    func writeName(to key: inout [UInt8]) {
        if list == .refused {
            key.append(bigEndian: UInt64(name) ?? 0)
        } else {
            key.append(keyText: name)
        }
    }
}
