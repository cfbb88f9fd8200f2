internal import ContactCentre
internal import EventModel

/// One thing an interaction adds to the metrics, with the moments it is filed under.
struct MetricFact: Equatable {
    let measure: MetricMeasure
    let queue: String
    let channel: Channel
    let created: Timestamp
    let offered: Timestamp?
    let ended: Timestamp?
    /// Whose work it is; empty for what is nobody's.
    var agent = ""
    /// Whether it takes back what another says of an interaction that turned out to go on with one.
    var isTakenBack = false
    /// Which of the surveys' entries it comes of; below 0 where of none.
    var answer: Int32 = -1

    /// Whether both are filed under the same moments.
    func isFiled(as other: MetricFact) -> Bool {
        created == other.created && offered == other.offered && ended == other.ended
    }

    /// The moment it is filed under for an anchor; nil when it has none.
    func moment(_ anchor: MetricAnchor) -> Timestamp? {
        switch anchor {
        case .created: created
        case .offered: offered
        case .ended: ended
        case .overlap: nil
        }
    }
}
