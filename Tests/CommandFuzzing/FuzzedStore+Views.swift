import Projecting

/// Two states of a view held against each other.
extension FuzzedStore {
    /// - Parameters:
    ///   - view: The projection's name.
    ///   - kinds: Words for the kinds of rows that must be the same; nil for all.
    func hold(
        _ before: borrowing ViewSnapshot, _ after: borrowing ViewSnapshot, of view: String,
        kinds: Set<String>? = nil
    ) throws {
        let comparison = try ViewComparison(before, after, of: view, examplesMax: 4)
        let differing = comparison.kinds.filter { kind in
            !kind.isEqual && kinds?.contains(kind.name) ?? true
        }
        guard !differing.isEmpty else { return }
        let told = differing.map { kind in
            "\(kind.name): \(kind.onlyInFirst) gone, \(kind.onlyInSecond) new,"
                + " \(kind.changed) others, as \(kind.examples.map(\.key))"
        }
        throw FuzzFailure("\(view), folded anew, is another: \(told.joined(separator: "; "))")
    }
}
