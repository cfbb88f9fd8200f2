internal import RESP

/// Pushes that came while a reply was waited for, the oldest first.
///
/// Taking one is O(1): places are given back together when the last one is taken.
struct PushQueue: Sendable {
    private var pushes: [Reply] = []
    private var taken = 0

    var count: Int { pushes.count - taken }

    mutating func append(_ push: Reply) {
        pushes.append(push)
    }

    mutating func popFirst() -> Reply? {
        guard taken < pushes.count else { return nil }
        let push = pushes[taken]
        taken += 1
        if taken == pushes.count {
            pushes.removeAll()
            taken = 0
        } else if taken >= 1_024, taken * 2 >= pushes.count {
            // Who always has one more waiting would else keep every push that ever came.
            pushes.removeSubrange(0..<taken)
            taken = 0
        }
        return push
    }
}
