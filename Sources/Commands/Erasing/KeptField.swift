/// Why a field cannot be redacted.
public enum KeptField: Sendable {
    /// It is of class open, by its attribute's name.
    case open(String)
    /// It says who is who, or what the event is about, by its attribute's name.
    case naming(String)
    /// It is an identifier of whom the event concerns.
    case identifier
}

extension KeptField: CustomStringConvertible {
    /// What stays, why, and what to do.
    public var description: String {
        switch self {
        case .open(let name):
            "\(name): it is of class open, a part of the skeleton that the chain of digests proves "
                + "and figures count; it stays for ever; privacy.classes can hide it from roles, and "
                + "the producer should call things otherwise"
        case .naming(let name):
            "\(name): it says who is who or what the event is about; ERASE the person, or take "
                + "other fields"
        case .identifier:
            "that identifier: it says whose the event is; ERASE forgets a person; one that was noted "
                + "by mistake UNMERGE parts from them first: texts of events that show both go with it"
        }
    }
}
