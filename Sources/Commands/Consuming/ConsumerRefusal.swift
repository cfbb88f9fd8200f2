public import EventModel

/// Why a command about a named consumer is refused.
public enum ConsumerRefusal: Error, Sendable {
    /// There is none of that name.
    case unknown
    /// There is one of that name.
    case exists
    /// Another connection reads it.
    case held(by: UInt64)
    /// It was reset, and nobody has read it since.
    case reset(to: Position)
    /// It belongs to another user.
    case belongs(to: UInt32)
    /// There are as many as there may be.
    case tooMany(Int)
    /// The user has as many as one may.
    case tooManyOwned(Int)
    /// This daemon keeps none.
    case notKept
    /// What was changed could not be flushed in time.
    case notDurable(String?)
}

extension ConsumerRefusal: CustomStringConvertible {
    /// What was wrong, what to do.
    public var description: String {
        switch self {
        case .unknown: "no consumer has that name; CONSUMER LIST names them, CREATE makes one"
        case .exists:
            "a consumer has that name already; RESET moves it, DELETE takes it away"
        case .held(let session):
            "connection \(session) reads that consumer, which has one member at a time; retry when it "
                + "has closed, or CONSUMER RESET takes the consumer from it"
        case .reset(let next):
            "that consumer was reset to \(next), and nothing has been read since: what is acknowledged "
                + "was read before; CONSUMER READ it first"
        case .belongs(let owner):
            "that consumer belongs to user \(owner): only they and operators may read, acknowledge, "
                + "reset or delete it; an operator hands it over by CONSUMER GIVE name user"
        case .tooMany(let most): "there are \(most) consumers, and no more may be"
        case .tooManyOwned(let most):
            "your user has \(most) consumers, and no more may be; DELETE those that nobody reads"
        case .notKept: "this daemon keeps no consumers"
        case .notDurable(let trouble):
            "the change is taken, and not on disk yet"
                + (trouble.map { " (\($0))" } ?? "") + "; it will be as soon as the disk takes it"
        }
    }
}
