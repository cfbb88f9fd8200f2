/// Who takes what is imported.
public enum ImportTarget: Sendable {
    /// A daemon, which records events as it does all others.
    case daemon
    /// A new store, in which they are recorded as they were in the store that exported them. Words of
    /// an event then begin with its type, `RecordedWord.name` and that time.
    case newStore
}

/// The word in front of the time at which another store had recorded an event.
public enum RecordedWord {
    /// It is no attribute's name.
    public static let name = "RECORDED"
}
