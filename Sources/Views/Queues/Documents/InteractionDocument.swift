internal import ContactCentre
public import EventModel

/// INTERACTION: all the queues view knows of one interaction.
///
///     {"position":…,"now":"…","interaction":"c-1","state":"connected","channel":"voice",
///      "direction":"inbound","method":"inbound","queue":"billing","customers":["c_…"],
///      "created":"…","created_position":…,"implicit":false,"initial":…,"previous":…,"related":…,
///      "thread":…,"classification":"genuine","resolution":…,"abandon_phase":…,
///      "disconnected_by":…,"ended":…,"reopened":…,"customer_wait_ms":…,
///      "human_requests":…,"human_requested":…,"callback":…,"end_inferred_in":"connected",
///      "stays":[{"queue":…,"stay_kind":…,"priority":…,"entered":…,"first_entry":…,"place":…,
///                "ended":…,"outcome":…,"reason":…,"phase":…,"agent":…,"wait_ms":…,"skills":…,
///                "language":…,"announced":{"at":…,"expected_ms":…,"low_ms":…,"high_ms":…,
///                                          "error_ms":…}}],
///      "connections":[{"agent":…,"queue":…,"accepted":…,"connected":…,"ended":…,"end":…,
///                      "holds":…,"hold_ms":…,"service_ms":…,"talk_ms":…}],
///      "self_service":[{"flow":…,"entered":…,"left":…,"outcome":…}],
///      "wrap_up":{"started":…,"ended":…,"wrap_up_ms":…},
///      "offers":{"made":…,"pending":…,"fruitless":…},
///      "messages":{"received":…,"sent":…,"first_human_reply":…},
///      "transfers":…,"consults":…,"conferences":…,
///      "anomaly_count":…,"anomalies":[{"position":…,"what":…,"event":…,"state":…,
///                                      "expected":["queued"],"got":…}],
///      "positions":[…]}
///
/// Absent values leave their keys out. Times that still run are counted to `now`.
public enum InteractionDocument {
    /// Writes the document.
    ///
    /// - Returns: Whether the interaction is known; if not, nothing is written.
    public static func write<Reader: ViewReader & ~Copyable>(
        _ interaction: String, now: Timestamp, from reader: borrowing Reader,
        to json: inout JSONWriter
    ) throws(ViewFault) -> Bool {
        let key = InteractionKey.of(interaction)
        guard let record = try InteractionRecord.decoded(try reader.row(key)),
            record.interaction.state != .none
        else { return false }
        json.beginObject()
        json.field("position", reader.position)
        json.field("now", now)
        json.field("interaction", interaction)
        writeHead(record.interaction, record.customers, now, &json)
        writeAsked(record.interaction, &json)
        writeStays(record.interaction, now, &json)
        writeConnections(record.interaction, now, &json)
        writeSelfService(record.interaction, &json)
        writeWork(record.interaction, now, &json)
        writeAnomalies(record.interaction, &json)
        json.key("positions")
        json.beginArray()
        for position in record.positions { json.value(Position(position)) }
        json.endArray()
        json.endObject()
        return true
    }

    private static func writeHead(
        _ interaction: Interaction, _ customers: [CustomerID], _ now: Timestamp,
        _ json: inout JSONWriter
    ) {
        json.field("state", word: interaction.state.word)
        json.field("channel", word: interaction.channel.word)
        json.field("direction", word: interaction.direction?.word)
        json.field("method", word: interaction.method?.word)
        json.field("queue", interaction.queue.isEmpty ? nil : interaction.queue)
        json.field("customers", customers)
        json.field("created", interaction.created)
        json.field("created_position", interaction.createdPosition)
        json.field("implicit", interaction.isImplicit)
        json.field("initial", interaction.initial)
        json.field("previous", interaction.previous)
        json.field("related", interaction.related)
        json.field("thread", interaction.thread)
        json.field("classification", word: interaction.classification.word)
        json.field("resolution", word: interaction.resolution?.word)
        json.field("abandon_phase", word: interaction.abandonPhase?.word)
        json.field("disconnected_by", word: interaction.disconnectedBy?.word)
        json.field("ended", interaction.ended)
        json.field("reopened", interaction.reopened)
        json.field("customer_wait_ms", interaction.customerWaitMilliseconds)
    }

    private static func writeStays(
        _ interaction: Interaction, _ now: Timestamp, _ json: inout JSONWriter
    ) {
        json.key("stays")
        json.beginArray()
        for stay in interaction.stays {
            json.beginObject()
            json.field("queue", stay.queue)
            json.field("stay_kind", word: stay.kind.word)
            json.field("priority", stay.priority)
            json.field("entered", stay.entered)
            json.field("first_entry", stay.firstEntry)
            json.field("place", stay.place)
            json.field("ended", stay.ended)
            json.field("outcome", word: stay.outcome?.word)
            json.field("reason", word: stay.flowOutReason?.word)
            json.field("phase", word: stay.abandonPhase?.word)
            json.field("agent", stay.agent)
            json.field("wait_ms", stay.waitMilliseconds ?? stay.entered.age(at: now))
            writeNeeds(stay, &json)
            json.endObject()
        }
        json.endArray()
    }

    private static func writeConnections(
        _ interaction: Interaction, _ now: Timestamp, _ json: inout JSONWriter
    ) {
        json.key("connections")
        json.beginArray()
        for connection in interaction.connections {
            json.beginObject()
            json.field("agent", connection.agent)
            json.field("queue", connection.queue.isEmpty ? nil : connection.queue)
            json.field("accepted", connection.accepted)
            json.field("connected", connection.connected)
            json.field("ended", connection.ended)
            json.field("end", word: connection.end?.word)
            json.field("holds", connection.holds)
            let running = connection.holdStarted?.age(at: now) ?? 0
            json.field("hold_ms", connection.holdMilliseconds + running)
            if connection.ended == nil, let started = connection.talkStarted {
                let service = started.age(at: now)
                json.field("service_ms", service)
                json.field("talk_ms", max(0, service - connection.holdMilliseconds - running))
            } else {
                json.field("service_ms", connection.serviceMilliseconds)
                json.field("talk_ms", connection.talkMilliseconds)
            }
            json.endObject()
        }
        json.endArray()
    }

    private static func writeSelfService(_ interaction: Interaction, _ json: inout JSONWriter) {
        json.key("self_service")
        json.beginArray()
        for span in interaction.selfService {
            json.beginObject()
            json.field("flow", span.flow.isEmpty ? nil : span.flow)
            json.field("entered", span.entered)
            json.field("left", span.left)
            json.field("outcome", word: span.outcome?.word)
            json.endObject()
        }
        json.endArray()
    }

    private static func writeWork(
        _ interaction: Interaction, _ now: Timestamp, _ json: inout JSONWriter
    ) {
        if let started = interaction.wrapUpStarted {
            json.key("wrap_up")
            json.beginObject()
            json.field("started", started)
            json.field("ended", interaction.wrapUpEnded)
            json.field("wrap_up_ms", interaction.wrapUpMilliseconds ?? started.age(at: now))
            json.endObject()
        }
        json.key("offers")
        json.beginObject()
        json.field("made", interaction.offers.made)
        json.field("pending", interaction.pendingOffers.count)
        json.field("fruitless", interaction.offers.fruitless)
        json.endObject()
        json.key("messages")
        json.beginObject()
        json.field("received", interaction.messages.received)
        json.field("sent", interaction.messages.sent)
        json.field("first_human_reply", interaction.messages.firstHumanReply)
        json.endObject()
        json.field("transfers", interaction.transfers)
        json.field("consults", interaction.consults)
        json.field("conferences", interaction.conferences)
    }

    private static func writeAnomalies(_ interaction: Interaction, _ json: inout JSONWriter) {
        json.field("anomaly_count", interaction.anomalyCount)
        json.key("anomalies")
        json.beginArray()
        for anomaly in interaction.anomalies {
            json.beginObject()
            json.field("position", anomaly.position)
            json.field("what", anomaly.told?.what ?? "\(anomaly.kind.word)")
            json.field("event", word: anomaly.event.word)
            json.field("state", word: anomaly.state.word)
            if let told = anomaly.told {
                json.field("expected", told.expected)
                json.field("got", told.got)
            } else {
                json.key("expected")
                json.beginArray()
                for state in anomaly.expected.states { json.value(state.word) }
                json.endArray()
                json.field("got", word: anomaly.state.word)
            }
            json.endObject()
        }
        json.endArray()
    }
}
