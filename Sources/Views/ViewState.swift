public import EventModel

/// Which rows a view shows: the same file shows the same ones at the same position.
public struct ViewState: Hashable, Sendable {
    /// Counts the files that the process has opened: another one may have been folded otherwise.
    public let file: UInt64
    /// The last position that the rows reflect.
    public let position: Position

    /// Names a state.
    public init(file: UInt64, position: Position) {
        self.file = file
        self.position = position
    }
}
