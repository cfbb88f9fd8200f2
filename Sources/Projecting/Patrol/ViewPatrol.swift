internal import EventLog
internal import EventModel
internal import LMDB

/// A view as the patrol sees it.
protocol Patrolled: AnyObject, Sendable {
    /// The projection's name.
    var projectionName: String { get }
    /// The view in use.
    var store: ViewStore { get }
}

extension Projector: Patrolled where Fold: ~Copyable {}

/// Looks at the rows of a view, some leaves at a time: whether each is as it was put under its key,
/// and whether who looks for that key comes to it.
struct ViewPatrol: ~Copyable {
    private let view: any Patrolled
    private var store: ViewStore?
    private var walk: PairWalk?
    /// Whether it could not be read further: the next round tries again.
    private var isOver = false

    init(_ view: any Patrolled) { self.view = view }

    /// Looks at the next leaves.
    @available(*, noasync)
    mutating func step(pages: Int) -> LogPatrol.Step {
        let name = "views/" + view.projectionName
        let store = store ?? view.store
        // Another may have taken its place; one that is out of use is looked at no more.
        guard store === view.store, store.damageFound == nil, !isOver else { return .roundEnded }
        self.store = store
        do throws(LMDBError) {
            if walk == nil {
                walk = try PairWalk(store.environment)
                walk?.begin("rows")
            }
            guard let step = try walk?.step(pages: pages) else { return .roundEnded }
            for pair in step.pairs where !ViewStore.isRow(pair.value, under: pair.key) {
                return damage(store, name, MalformedBytes("row checksum", at: 0))
            }
            if let fault = step.fault {
                return damage(store, name, MalformedBytes("page", at: Int(clamping: fault.page)))
            }
            return step.isLast ? .roundEnded : .looked(file: name)
        } catch {
            isOver = true
            guard !error.isOfResources else { return .roundEnded }
            return .damage(PatrolFinding(file: name, what: "it cannot be read: \(error)"))
        }
    }

    /// Puts the view out of use, as a reader does who meets it.
    private func damage(
        _ store: ViewStore, _ name: String, _ what: MalformedBytes
    ) -> LogPatrol.Step {
        store.noteDamage(what)
        return .damage(PatrolFinding(file: name, what: store.damageFound ?? "\(what)"))
    }
}
