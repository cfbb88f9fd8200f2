import EventLog
import TestSupport

/// How a daemon dies.
enum Kill: CustomStringConvertible {
    /// At a pass of a failpoint.
    case failpoint(Failpoint, pass: Int)
    /// By SIGKILL once that many further requests are acknowledged, more being under way.
    case signal(afterAcknowledgements: Int)

    /// The setting of `THROUGHLINE_FAILPOINT`.
    var failpoint: String? {
        if case .failpoint(let point, let pass) = self { "\(point.rawValue):\(pass)" } else { nil }
    }

    var description: String {
        switch self {
        case .failpoint: failpoint ?? ""
        case .signal(let count): "SIGKILL after \(count) acknowledgements"
        }
    }

    /// A way of dying among all.
    static func random(_ random: inout SeededGenerator) -> Kill {
        let points = Failpoint.allCases.filter(\.isOfEveryRun)
        let choice = Int.random(in: 0...points.count, using: &random)
        guard choice < points.count else {
            return .signal(afterAcknowledgements: Int.random(in: 1...12, using: &random))
        }
        let pass = points[choice] == .journalMade ? 1 : Int.random(in: 1...6, using: &random)
        return .failpoint(points[choice], pass: pass)
    }
}
