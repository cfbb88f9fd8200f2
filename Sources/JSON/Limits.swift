/// The bounds of a document.
public enum JSONLimits {
    /// How deep arrays and objects nest.
    public static let depthMax = 64
}
