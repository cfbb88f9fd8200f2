/// What is kept for the daemon's own events: a producer that could say it would begin epochs, or
/// make the log believe that somebody was erased or something redacted.
public enum Reserved {
    /// The source of the daemon's own events.
    public static let source = "throughline"
    /// The types that only the daemon records.
    public static let types = [
        "store.epoch", "customer.erased", "customer.erasureCompleted", "event.redacted",
        "event.redactionCompleted",
    ]

    /// Tells whether a source is the daemon itself.
    public static func isSource(_ name: RawSpan) -> Bool {
        name.byteCount == 11 && name.equals("throughline")
    }

    static func isType(_ name: RawSpan) -> Bool {
        switch name.byteCount {
        case 11: name.equals("store.epoch")
        case 15: name.equals("customer.erased")
        case 25: name.equals("customer.erasureCompleted")
        case 14: name.equals("event.redacted")
        case 24: name.equals("event.redactionCompleted")
        default: false
        }
    }
}
