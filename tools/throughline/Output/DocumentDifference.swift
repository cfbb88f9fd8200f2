import Importing
import JSON

/// What is different between two documents of the same kind.
struct DocumentDifference {
    /// A value that came, went or changed.
    struct Change: Equatable {
        /// The names that lead to it, with points between them.
        let path: String
        /// The value before; nil where there was none.
        let before: JSONValue?
        /// The value after; nil where there is none any more.
        let after: JSONValue?

        /// The change in a line.
        var text: String {
            let name = path.split(separator: ".").last.map(String.init) ?? path
            func shown(_ value: JSONValue) -> String { Cell.text(value, name: name) }
            let place = Escaping.printable(path)
            switch (before, after) {
            case (nil, let after?): return "+ \(place)  \(shown(after))"
            case (let before?, nil): return "- \(place)  \(shown(before))"
            case (let before?, let after?):
                return "~ \(place)  \(shown(before)) → \(shown(after))"
            case (nil, nil): return place
            }
        }

        var document: JSONValue {
            .object([
                JSONValue.Member("path", .string(path)),
                JSONValue.Member("before", before ?? .null),
                JSONValue.Member("after", after ?? .null),
            ])
        }
    }

    /// Returns what is different, in the order in which it stands in the documents.
    ///
    /// - Parameter isLeftOut: Says of a name that its values do not count.
    static func changes(
        _ before: JSONValue?, _ after: JSONValue?, isLeftOut: (String) -> Bool
    ) -> [Change] {
        let old = before.map { leaves($0, "", isLeftOut) } ?? []
        let new = after.map { leaves($0, "", isLeftOut) } ?? []
        let oldValues = Dictionary(old, uniquingKeysWith: { first, _ in first })
        let newValues = Dictionary(new, uniquingKeysWith: { first, _ in first })
        let gone = old.filter { newValues[$0.0] == nil }.map {
            Change(path: $0.0, before: $0.1, after: nil)
        }
        return gone
            + new.compactMap { path, value in
                let earlier = oldValues[path]
                return earlier == value ? nil : Change(path: path, before: earlier, after: value)
            }
    }

    /// The single values of a document by their paths. An element of a list is named by what it is
    /// about, so that one that comes first does not change all behind it.
    private static func leaves(
        _ value: JSONValue, _ path: String, _ isLeftOut: (String) -> Bool
    ) -> [(String, JSONValue)] {
        func inner(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch value {
        case .object(let members):
            return members.filter { !isLeftOut($0.name) }.flatMap {
                leaves($0.value, inner($0.name), isLeftOut)
            }
        case .array(let elements) where elements.contains(where: { $0.members != nil }):
            var seen: [String: Int] = [:]
            return elements.flatMap { element -> [(String, JSONValue)] in
                let name = name(of: element)
                let count = seen[name, default: 0] + 1
                seen[name] = count
                let own = count == 1 ? name : "\(name)#\(count)"
                return leaves(element, "\(path)[\(own)]", isLeftOut)
            }
        default: return [(path, value)]
        }
    }

    /// What an element is about: its first value, with its kind also the second.
    private static func name(of element: JSONValue) -> String {
        let members = (element.members ?? []).filter { Cell.isScalar($0.value) }
        let count = members.first?.name == "kind" ? 2 : 1
        return members.prefix(count).map { CSVText.plain($0.value) }.joined(separator: ":")
    }
}
