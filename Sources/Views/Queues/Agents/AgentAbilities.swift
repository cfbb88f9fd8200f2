internal import EventModel

/// What is asked of an agent who is free: the version of their stream, and what they can do. It
/// stands at the beginning of the agent's row, so that nobody reads the rest for it.
struct AgentAbilities {
    let version: UInt64
    private let skills: [AgentRecord.Skill]

    init(row: RawSpan) throws(ViewFault) {
        do throws(MalformedBytes) {
            var reader = ByteReader(row, of: "agent row")
            (version, skills) = try AgentRecord.abilities(from: &reader)
        } catch {
            throw .damaged(error)
        }
    }

    /// Tells whether the agent has a skill at a level at a moment.
    func has(_ skill: String, atLeast level: Int64, at now: Timestamp) -> Bool {
        skills.contains { $0.name == skill && $0.isValid(at: now) && $0.level >= max(1, level) }
    }

    /// Tells whether the agent speaks a language at a moment. A language is a skill whose event
    /// names one, or that is named by a tag; `es` and `es-MX` do for each other.
    func speaks(_ language: String, at now: Timestamp) -> Bool {
        skills.contains {
            $0.level > 0 && $0.isValid(at: now)
                && Self.isSame($0.language ?? $0.name, language)
        }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.lowercased(), right.lowercased())
        return left == right || left.hasPrefix(right + "-") || right.hasPrefix(left + "-")
    }
}

extension AgentRecord.Skill {
    func isValid(at now: Timestamp) -> Bool { validUntil.map { now < $0 } ?? true }
}
