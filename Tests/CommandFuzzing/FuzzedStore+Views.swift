import Projecting

/// A view that grew with the store, held against one that was folded anew.
extension FuzzedStore {
    /// - Parameter view: The projection's name.
    func hold(
        _ grown: borrowing ViewSnapshot, _ anew: borrowing ViewSnapshot, of view: String
    ) throws {
        let comparison = try ViewComparison(grown, anew, of: view, examplesMax: 4)
        guard !comparison.isEqual else { return }
        let told = comparison.kinds.filter { !$0.isEqual }.map { kind in
            "\(kind.name): \(kind.onlyInFirst) gone, \(kind.onlyInSecond) new,"
                + " \(kind.changed) others, as \(kind.examples.map(\.key))"
        }
        throw FuzzFailure("\(view), folded anew, is another: \(told.joined(separator: "; "))")
    }
}
