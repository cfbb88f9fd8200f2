/// Which of a segment's runs, at most 64, are to be asked.
struct RunSet {
    private var bits: UInt64 = 0

    /// Chooses from some runs.
    init(_ indices: Range<Int>, where isIn: (Int) -> Bool) {
        for index in indices where isIn(index) { bits |= 1 &<< UInt64(index) }
    }

    var isEmpty: Bool { bits == 0 }

    func contains(_ index: Int) -> Bool { bits &>> UInt64(index) & 1 == 1 }
}
