import TestSupport

/// Which of the changes that are not durable the disk holds when the power goes.
struct Choice {
    private enum Way {
        case nothing
        case everything
        /// Everything up to some change of each file and folder, nothing after it.
        case beginning
        /// Each write whole or not at all.
        case writes
        /// Each sector of each write by itself.
        case sectors(keptOfTen: Int)
    }

    private let way: Way
    private var random: SeededGenerator
    private var limit = 0
    private var write = false

    /// Makes the choice of a number: nothing, everything, then whatever the seed gives.
    init(variant: Int, seed: UInt64) {
        random = SeededGenerator(seed: seed)
        switch variant {
        case 0: way = .nothing
        case 1: way = .everything
        default:
            switch Int.random(in: 0...4, using: &random) {
            case 0: way = .beginning
            case 1: way = .writes
            case 2: way = .sectors(keptOfTen: 9)
            case 3: way = .sectors(keptOfTen: 1)
            default: way = .sectors(keptOfTen: 5)
            }
        }
    }

    mutating func beginFile(changes: Int) { limit = Int.random(in: 0...changes, using: &random) }

    mutating func beginWrite(_ index: Int) { write = keepsChange(index) }

    mutating func keepsSector(_ index: Int) -> Bool {
        guard case .sectors(let kept) = way else { return write }
        return Int.random(in: 0..<10, using: &random) < kept
    }

    /// Whether a change that is no write, or a write as a whole, is kept.
    mutating func keepsChange(_ index: Int) -> Bool {
        switch way {
        case .nothing: false
        case .everything: true
        case .beginning: index < limit
        case .writes, .sectors: Bool.random(using: &random)
        }
    }

    mutating func keepsLength() -> Bool {
        switch way {
        case .nothing: false
        case .everything: true
        default: Bool.random(using: &random)
        }
    }
}
