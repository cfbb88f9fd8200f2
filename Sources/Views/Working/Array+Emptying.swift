extension Array {
    /// Empties it and keeps its room. Lists that hold one element with nearly every event are not
    /// worth what replacing a range takes.
    @inline(__always)
    mutating func empty() {
        if count > 1 {
            removeAll(keepingCapacity: true)
        } else if !isEmpty {
            removeLast()
        }
    }
}
