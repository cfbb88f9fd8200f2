internal import Commands
internal import Logging
internal import NIOCore

/// Silent connections, and what all of them hold.
extension RoundCoordinator {
    /// Looks at all connections from time to time.
    func beginWatching() {
        let spans = ConnectionWatch.Spans(limits)
        let interval = TimeAmount.milliseconds(Int64(spans.milliseconds))
        loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            self.tick += 1
            self.lookForRoom(spans.append)
            self.endOverdue(spans)
            self.tellSkippedLines()
        }
    }

    /// All connections as CLIENT LIST shows them, or those of one user, the oldest first.
    func describedClients(of user: UInt32?) -> [ClientConnection] {
        handlers.values.filter { user == nil || $0.user == user }
            .sorted { $0.session.id < $1.session.id }.map(describe)
    }

    /// One connection as CLIENT INFO shows it.
    func describedClient(_ session: Session) -> ClientConnection? {
        handlers[session.id].map(describe)
    }

    private func describe(_ handler: ConnectionHandler) -> ClientConnection {
        handler.described(tickMilliseconds: UInt64(ConnectionWatch.Spans(limits).milliseconds))
    }

    private func endOverdue(_ spans: ConnectionWatch.Spans) {
        var overdue: [(ConnectionHandler, Limit)] = []
        for handler in handlers.values {
            if let limit = handler.overdue(spans) { overdue.append((handler, limit)) }
            handler.rest()
        }
        for (handler, limit) in overdue { end(handler, for: limit) }
    }

    /// Says how many lines about peers were left out, and how many found no room.
    private func tellSkippedLines() {
        if let count = LogLines.standardError.takeLeftOut() {
            logger.warning(
                "lines were left out, nobody read them", metadata: ["count": "\(count)"])
        }
        for (kind, count) in lines.takeSkipped(NIODeadline.now().uptimeNanoseconds) {
            logger.warning(
                "lines were left out", metadata: ["of": "\(kind.name)", "count": "\(count)"])
        }
    }

    private func end(_ handler: ConnectionHandler, for limit: Limit) {
        let level: Logger.Level = limit == .idleMilliseconds ? .debug : .warning
        // What is not shown unless one looks for it takes nothing of what is.
        if level == .debug || lines.takes(.ended, NIODeadline.now().uptimeNanoseconds) {
            logger.log(
                level: level, "connection ended",
                metadata: [
                    "connection": "\(handler.session.id)", "uid": "\(handler.user)",
                    "limit": "\(limit.name)", "value": "\(limits[limit])",
                ])
        }
        handler.end(for: limit)
    }

    /// Counts bytes that a connection holds more than before; where all hold too much, the one that
    /// holds most, of the user whose connections do, is ended once the present work is done.
    func hold(_ change: Int) {
        heldBytes += change
        guard heldBytes > limits[.bufferedBytes], !evictionIsScheduled else { return }
        evictionIsScheduled = true
        loop.execute { self.evict() }
    }

    private func evict() {
        evictionIsScheduled = false
        guard heldBytes > limits[.bufferedBytes] else { return }
        var held: [UInt32: Int] = [:]
        for handler in handlers.values { held[handler.user, default: 0] += handler.heldBytes }
        let user = held.max { $0.value < $1.value }?.key
        let largest = handlers.values.filter { $0.user == user }
            .max { $0.heldBytes < $1.heldBytes }
        if let largest { end(largest, for: .bufferedBytes) }
    }
}

/// The end.
extension RoundCoordinator {
    /// Ends all connections behind their last answers; after a time, those that have not read
    /// theirs as well. Then `ended` is called.
    func drain(_ ended: @escaping () -> Void) {
        loop.preconditionInEventLoop()
        guard !handlers.isEmpty else { return ended() }
        whenEmpty = { [weak self] in
            self?.whenEmpty = nil
            ended()
        }
        follows.pushClosing()
        for handler in Array(handlers.values) { handler.close() }
        let time = TimeAmount.milliseconds(Int64(limits[.drainMilliseconds]))
        loop.assumeIsolated().scheduleTask(in: time) {
            guard !self.handlers.isEmpty, self.whenEmpty != nil else { return }
            self.executor.note(.drainMilliseconds)
            self.logger.warning(
                "connections ended with answers unread",
                metadata: ["connections": "\(self.handlers.count)"])
            for handler in Array(self.handlers.values) { handler.drop() }
        }
    }
}
