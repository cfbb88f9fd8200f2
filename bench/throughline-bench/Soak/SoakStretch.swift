/// A stretch of the mixed day in which something happens, after which the server may have to be started
/// again.
struct SoakStretch {
    /// What happens.
    struct Happening {
        /// Seconds from the beginning.
        let after: Double
        /// Whether the server ends by it.
        let endsServer: Bool
        let begin: () throws -> Void
    }

    private enum State {
        case comes, isUnderWay, isOver
    }

    let socketPath: String
    let kinds: [MixedLoop.Kind]
    /// Starts the server that has ended, and holds it against what was answered before.
    let reopen: ([MixedLoop.Progress]) throws -> Void

    /// Sends for a time and returns what was measured; how long the server was away is in it.
    ///
    /// - Throws: `BenchFailure` for whatever the server does that it was not made to do: an answer that
    ///   is an error, an end before or after the one that happens, none where one should.
    func run(
        seconds: Double, progress: inout [MixedLoop.Progress], _ happening: Happening?
    ) throws -> [MixedLoop.Measured] {
        var loop = try MixedLoop(socketPath: socketPath, kinds: kinds, progress: progress)
        var state = State.comes
        let meanwhile = happening.map { happening in
            (
                after: happening.after,
                do: {
                    state = .isUnderWay
                    try happening.begin()
                }
            )
        }
        do {
            try loop.run(seconds: seconds, meanwhile: meanwhile)
        } catch let failure as BenchFailure where failure.kind != .other {
            guard happening?.endsServer == true, state == .isUnderWay else { throw failure }
            state = .isOver
            try reopen(loop.progress)
            try loop.goOn()
        }
        guard happening?.endsServer != true || state == .isOver else {
            throw BenchFailure("the server was ended, and no connection was closed")
        }
        progress = loop.progress
        return loop.measured(seconds: seconds)
    }
}
