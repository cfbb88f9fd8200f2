/// Where the parts of a checked record lie, for who shows it again without checking it once more.
public struct EventOutline: Sendable, BitwiseCopyable {
    let names: NameSet
    let byteCount: UInt32
    let skeletonEnd: UInt32
    let openStart: UInt32
    let identifiersStart: UInt32
    let personalStart: UInt32
    let contentStart: UInt32
    let partEnd: UInt32

    /// Takes it of an event that was checked.
    public init(of event: borrowing EventView) {
        names = event.names
        byteCount = UInt32(event.record.byteCount)
        skeletonEnd = UInt32(event.skeletonEnd)
        openStart = UInt32(event.openStart)
        identifiersStart = UInt32(event.identifiersStart)
        personalStart = UInt32(event.personalStart)
        contentStart = UInt32(event.contentStart)
        partEnd = UInt32(event.partEnd)
    }
}
