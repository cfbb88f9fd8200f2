internal import EventLog
internal import EventModel
internal import Projecting
internal import RESP
internal import Views

/// FOLLOW SIGNALS: pushed when one begins or ends, whether an event or time made it so.
extension CommandExecutor {
    /// Looks at signals as of now, unless that was just done, and pushes them where they are others than
    /// those pushed last; that they have aged is no change.
    func pushSignals(
        _ question: SignalsQuestion, at position: Position, to follow: inout DocumentFollow,
        _ replies: inout ReplyWriter
    ) throws(CommandError) {
        let now = environment.now()
        // A clock that was put back is no reason to wait.
        if let last = follow.lookedAt, now >= last,
            now - last < FollowLimits.signalsIntervalMilliseconds
        {
            return
        }
        if follow.credit.isSpent, follow.isBehind { return }
        follow.lookedAt = now
        follow.looked = position
        var json = JSONWriter()
        var scan = follow.scan ?? SignalScan(question.kinds)
        let fingerprint = try reading { () throws(ViewFault) in
            let people = try views.identity.snapshot()
            return try SignalsDocument.write(
                following: &scan, olderMilliseconds: question.olderMilliseconds,
                count: question.count, now: now, rowsMax: FollowLimits.signalRowsMax,
                members: { (customer) throws(ViewFault) in
                    try IdentityView.person(ofCustomer: customer, asOf: nil, people)?.customers
                        ?? [customer]
                }, from: views.customers.snapshot(), to: &json)
        }
        follow.scan = scan
        guard fingerprint != follow.pushed?.fingerprint else {
            follow.isBehind = false
            return
        }
        let shown = PositionedDocument(json.bytes).position
        guard !follow.credit.isSpent else { return tellBehind(&follow, at: shown, &replies) }
        follow.isBehind = false
        follow.pushed = (shown, now, fingerprint)
        follow.credit.spend()
        replies.beginFollowPush(follow.id, "changed", 5)
        replies.integer(shown.rawValue)
        replies.bulk(json.span)
    }
}
