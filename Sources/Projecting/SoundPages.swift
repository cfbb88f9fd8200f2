internal import Synchronization

/// The pages that were found sound while one state of a view is read: they cannot change meanwhile, and
/// what a document reads lies on few, beside each other's ends.
///
/// Four are remembered, the newest ones. Atomic only because a borrowed snapshot may note them; who
/// reads a page twice at worst looks at it twice.
struct SoundPages: ~Copyable {
    private let first = Atomic<UInt>(0)
    private let second = Atomic<UInt>(0)
    private let third = Atomic<UInt>(0)
    private let fourth = Atomic<UInt>(0)
    private let next = Atomic<UInt>(0)

    /// Whether a page was noted; 0 is none.
    func holds(_ page: UInt) -> Bool {
        page == first.load(ordering: .relaxed) || page == second.load(ordering: .relaxed)
            || page == third.load(ordering: .relaxed) || page == fourth.load(ordering: .relaxed)
    }

    /// Notes a page, in the place of the one that was noted longest ago.
    func note(_ page: UInt) {
        let place = next.load(ordering: .relaxed)
        next.store(place &+ 1, ordering: .relaxed)
        switch place & 3 {
        case 0: first.store(page, ordering: .relaxed)
        case 1: second.store(page, ordering: .relaxed)
        case 2: third.store(page, ordering: .relaxed)
        default: fourth.store(page, ordering: .relaxed)
        }
    }
}
