public import EventModel

/// One customer need on one channel leg, from first contact to the end of wrap-up, as far as the
/// events of it say.
///
/// The state is a pure function of its events in the order of (`occurred`, position); `apply`
/// takes them in that order. Whoever gets one late folds all of them anew.
public struct Interaction: Hashable, Sendable {
    /// Where it stands.
    public var state = InteractionState.none
    /// The source of its first event; nil once that event's personal part is erased.
    public var source: String?
    /// When it began: what `interaction.created` says, else its first event.
    public var created = Timestamp(milliseconds: 0)
    /// The event it began with.
    public var createdPosition = Position.zero
    /// Whether no `interaction.created` has come yet.
    public var isImplicit = false
    /// The channel.
    public var channel = Channel.unknown
    /// Who reached out.
    public var direction: Direction?
    /// How it began.
    public var method: Method?
    /// The queue or service it was created for; empty when creation named none.
    public var createdQueue = ""
    /// The first interaction of the same contact, where it is another one.
    public var initial: String?
    /// The interaction it continues.
    public var previous: String?
    /// An interaction it belongs with.
    public var related: String?
    /// The need it is about.
    public var thread: String?
    /// Times in queues, in order; only the last can be open.
    public var stays: [Stay] = []
    /// Times with agents, in order; only the last can be open.
    public var connections: [Connection] = []
    /// Times with machines, in order.
    public var selfService: [SelfServiceSpan] = []
    /// Offers to agents.
    public var offers = Offers()
    /// Offers without an outcome yet, in the order in which they were made.
    public var pendingOffers: [PendingOffer] = []
    /// How often the customer asked a machine for a person.
    public var humanRequests = 0
    /// When the customer asked first.
    public var humanRequested: Timestamp?
    /// The call back that was asked for last.
    public var callback: String?
    /// Messages both ways.
    public var messages = Messages()
    /// Finished transfers.
    public var transfers = 0
    /// Consultations begun.
    public var consults = 0
    /// Parties that joined.
    public var conferences = 0
    /// Where the customer gave up, if so.
    public var abandonPhase: AbandonPhase?
    /// Whether the customer gave up with no stay open and no agent: before any queue.
    public var isAbandonedBeforeQueue = false
    /// Who hung up.
    public var disconnectedBy: DisconnectedBy?
    /// When wrap-up began.
    public var wrapUpStarted: Timestamp?
    /// When wrap-up ended.
    public var wrapUpEnded: Timestamp?
    /// When it was over: completed, abandoned, failed or expired.
    public var ended: Timestamp?
    /// Where it stood when its end was inferred, or a call back said to have expired; nil where the
    /// end is real, or none yet.
    public var endInferredIn: InteractionState?
    /// Whether `interaction.completed` has come.
    public var isCompletionSaid = false
    /// Whether the need was met.
    public var resolution: Resolution?
    /// What it counts as, by the last word on it.
    public var classification = Classification.genuine
    /// When a later interaction took the need up again.
    public var reopened: Timestamp?
    /// Impossible steps, the first ones.
    public var anomalies: [Anomaly] = []
    /// How many impossible steps there were in all.
    public var anomalyCount = 0
    /// The last event applied, by occurrence.
    public var lastOccurred = Timestamp.earliest
    /// The last event applied, by position.
    public var lastPosition = Position.zero

    /// Makes an interaction nothing is known of.
    public init() {}

    /// Tells whether an event comes after all that have been applied.
    public func follows(_ occurred: Timestamp, _ position: Position) -> Bool {
        occurred > lastOccurred || (occurred == lastOccurred && position > lastPosition)
    }

    /// The index of the stay in which the customer waits now, or nil.
    public var openStay: Int? {
        guard let last = stays.indices.last, stays[last].ended == nil else { return nil }
        return last
    }

    /// The index of the connection in which customer and agent are now, or nil.
    public var openConnection: Int? {
        guard let last = connections.indices.last, connections[last].ended == nil else {
            return nil
        }
        return last
    }

    /// The source that tells of it now: that of its last time in a queue, else of its beginning.
    public var teller: String? {
        // By its place: `last` would be a copy of the stay, and count its texts.
        guard let last = stays.indices.last, let told = stays[last].source else { return source }
        return told
    }

    /// The queue the contact as a whole counts for: the one it was created for, else its first;
    /// empty when it never had one.
    public var queue: String { createdQueue.isEmpty ? stays.first?.queue ?? "" : createdQueue }

    /// Tells whether it is the first of its contact, and not a leg made by transfer or callback, of
    /// which it says so by `initial`, or by how it was made and what it goes on from.
    public var isContact: Bool {
        initial == nil && !(isMadeByUs && (previous != nil || related != nil))
    }

    /// Whether somebody of ours, or the flow, made it.
    public var isMadeByUs: Bool {
        switch method {
        case .transfer, .queueTransfer, .callback, .monitor, .consult: true
        case .inbound, .outbound, .api, .afterDisconnect, .webhook, nil: false
        }
    }

    /// From the beginning to the first answer, as the customer feels it, in milliseconds; nil
    /// while nobody has answered. Where another clock says that it began after they entered the queue,
    /// it counts from there.
    public var customerWaitMilliseconds: Int64? {
        guard let first = connections.first else { return nil }
        let answered = first.stay.flatMap { stays[$0].ended } ?? first.accepted ?? first.connected
        let began = min(created, stays.first?.entered ?? created)
        return answered.map { max(0, $0 - began) }
    }

    /// How long wrap-up took, in milliseconds, once it has ended.
    public var wrapUpMilliseconds: Int64? {
        guard let wrapUpStarted, let wrapUpEnded else { return nil }
        return wrapUpEnded - wrapUpStarted
    }
}

/// Offers of an interaction to agents.
public struct Offers: Hashable, Sendable {
    /// Offers made.
    public var made = 0
    /// Offers rejected, missed, rescinded or failed.
    public var fruitless = 0
}

/// Messages of an interaction.
public struct Messages: Hashable, Sendable {
    /// Messages from the customer.
    public var received = 0
    /// Messages from us, private notes left out.
    public var sent = 0
    /// The first message by a person of ours that the customer could see.
    public var firstHumanReply: Timestamp?
    /// The first message of the customer that no person of ours has answered yet. Bots, automatic
    /// replies and private notes are no answer.
    public var unanswered: Unanswered?

    /// A message that waits for an answer.
    public struct Unanswered: Hashable, Sendable {
        /// When it was written.
        public let occurred: Timestamp
        /// Its event.
        public let position: Position

        /// Makes one.
        public init(occurred: Timestamp, position: Position) {
            self.occurred = occurred
            self.position = position
        }
    }
}
