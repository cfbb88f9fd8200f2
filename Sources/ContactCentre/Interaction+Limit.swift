public import EventModel

extension Interaction {
    /// Records a late event that cannot be put in its place any more, because the interaction has
    /// more events than are kept for folding anew. The state stays.
    public mutating func noteOverLimit(_ event: borrowing EventView, as kind: LifecycleEvent) {
        note(.overLimit, event.position, kind, state)
    }
}
