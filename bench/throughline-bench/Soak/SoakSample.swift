/// What the daemon held at the end of a minute of the soak.
struct SoakSample {
    let minute: Int
    /// What had happened in it.
    let happening: String
    /// Seconds since the daemon was started last.
    let sinceStart: Double
    let memoryMiB: Double
    let files: Int
    let segments: Int
    let connections: Int

    /// A daemon that has just been started has less: it is not compared.
    private static let settledSeconds = 50.0
    /// The part of the minutes in which what is bounded fills up: memory is compared behind them.
    private static let fillingPart = 0.25
    /// What memory may have grown by from the first minute of a kind to the last: a part, and MiB.
    private static let growthMax = (part: 1.25, MiB: 32.0)
    /// Files of the daemon itself: journal, views, consumers, socket, lock.
    private static let ownFiles = 40
    /// Of each segment, as many of which are open at a time.
    private static let (filesPerSegment, segmentsOpen) = (3, 256)

    /// What is not flat: memory that differs between minutes in which the same happened, once what a
    /// daemon keeps has filled up, and more files
    /// than segments and connections explain.
    static func faults(_ samples: [SoakSample]) -> [String] {
        let filling = Double(samples.last?.minute ?? 0) * fillingPart
        let settled = samples.filter {
            $0.sinceStart >= settledSeconds && Double($0.minute) > filling
        }
        var faults: [String] = []
        for happening in Set(settled.map(\.happening)).sorted() {
            let same = settled.filter { $0.happening == happening }
            guard let first = same.first, let last = same.last, first.minute < last.minute,
                last.memoryMiB > first.memoryMiB * growthMax.part + growthMax.MiB
            else { continue }
            faults.append(
                "memory: \(Comparison.decimal(first.memoryMiB, 0)) MiB in minute \(first.minute), "
                    + "\(Comparison.decimal(last.memoryMiB, 0)) in minute \(last.minute) (\(happening))"
            )
        }
        for sample in samples {
            let most =
                ownFiles + filesPerSegment * min(sample.segments, segmentsOpen) + sample.connections
            guard sample.files > most else { continue }
            faults.append(
                "files: \(sample.files) in minute \(sample.minute), at most \(most) explained")
        }
        return faults
    }
}
