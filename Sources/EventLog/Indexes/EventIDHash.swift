internal import EventIndex

/// Stands for (source, id) of an event, under the store's own key.
public struct EventIDHash: Hashable, Sendable {
    let hash: KeyHash
}
