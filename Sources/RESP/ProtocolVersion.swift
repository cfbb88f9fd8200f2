/// Which RESP a peer speaks; every connection begins with 2 until `HELLO 3`.
@frozen
public enum ProtocolVersion: Int, Sendable {
    /// Strings, errors, integers, arrays, two nulls.
    case resp2 = 2
    /// Also maps, sets, numbers, booleans, pushes, one null.
    case resp3 = 3
}
