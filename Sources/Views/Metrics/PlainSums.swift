internal import ContactCentre
internal import EventModel

/// The sums of METRICS without ONLY: of all anchors, or of the one asked for.
struct PlainSums {
    /// By anchor; where one is asked for that stands for all.
    private let sums: [MetricAnchor: [MetricsLineKey: MetricsSum]]

    init<Reader: ViewReader & ~Copyable>(
        _ query: MetricsQuery, _ lines: MetricsLines, from reader: borrowing Reader
    ) throws(MetricsFault) {
        var sums: [MetricAnchor: [MetricsLineKey: MetricsSum]] = [:]
        if let asked = query.askedAnchor {
            let found = try MetricsSum.sums(query, asked, lines, from: reader)
            for anchor in MetricAnchor.filed { sums[anchor] = found }
        } else if query.readsContacts {
            for anchor in MetricAnchor.filed {
                sums[anchor] = try MetricsSum.sums(query, anchor, lines, from: reader)
            }
        } else {
            do throws(ViewFault) {
                let found = try CellSums.sums(
                    query, MetricAnchor.filed.map { .init($0, of: query) }, lines, .latest,
                    from: reader)
                for (anchor, sum) in zip(MetricAnchor.filed, found) { sums[anchor] = sum }
            } catch {
                throw .view(error)
            }
        }
        self.sums = sums
    }

    /// The figures of a line that stand under an anchor.
    func sum(_ anchor: MetricAnchor, _ key: MetricsLineKey) -> MetricsSum {
        sums[anchor]?[key] ?? MetricsSum()
    }

    /// The lines in which contacts have figures.
    var keys: Set<MetricsLineKey> {
        var keys: Set<MetricsLineKey> = []
        for lines in sums.values {
            for (key, sum) in lines where sum.hasContacts { keys.insert(key) }
        }
        return keys
    }
}
