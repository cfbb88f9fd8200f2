public import EventModel

/// Who a store is and which events it holds up to a position, as far as a digest tells.
public struct StoreProof: Sendable {
    /// The store's id.
    public let store: String
    /// Its present epoch.
    public let epoch: UInt64
    /// The position.
    public let position: Position
    /// The running digest after it.
    public let digest: Digest

    /// Reads a store's digest at a position, or at its end when it is shorter. A daemon may have the
    /// store open in another process.
    ///
    /// Only the part of the log around the position is read: that the events before it are those
    /// that the digest stands for is proven by a verification.
    ///
    /// - Throws: `.empty`, `.log` when the store cannot be read there.
    @available(*, noasync)
    public static func read(
        store path: String, at position: Position? = nil
    ) throws(CheckpointError) -> StoreProof {
        let proof: StoreProof
        do throws(EventLogError) {
            let audit = try StoreAudit(path: path, options: .init(from: Position(.max)))
            guard let identity = audit.identity else {
                throw .notAStore(path: path, found: "its store.json is not one that a store has")
            }
            let found = try audit.digest(at: position ?? Position(.max))
            proof = StoreProof(
                store: identity.id, epoch: try StoreEpoch.read(path).number,
                position: found.position, digest: found.digest)
        } catch {
            throw .log(error)
        }
        guard proof.position > .zero else { throw .empty }
        return proof
    }
}
