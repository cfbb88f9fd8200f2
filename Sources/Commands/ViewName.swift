/// The views that commands read.
public enum ViewName: String, Sendable, CaseIterable {
    case identity, queues, metrics, customers
}
