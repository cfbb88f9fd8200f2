/// One connection as CLIENT LIST shows it.
public struct ClientConnection {
    /// What the commands know of it.
    public let session: Session
    /// The peer's user.
    public let user: UInt32
    /// For how long it has been open.
    public let ageMilliseconds: UInt64
    /// For how long nothing has been read from it or sent to it.
    public let idleMilliseconds: UInt64
    /// Bytes of requests and answers held for it.
    public let heldBytes: Int

    /// Describes an open connection.
    public init(
        session: Session, user: UInt32, ageMilliseconds: UInt64, idleMilliseconds: UInt64,
        heldBytes: Int
    ) {
        self.session = session
        self.user = user
        self.ageMilliseconds = ageMilliseconds
        self.idleMilliseconds = idleMilliseconds
        self.heldBytes = heldBytes
    }
}
