internal import EventModel

/// Where an order stands, read off its marks: paid, on its way, late, given back.
struct OrderStanding {
    /// One refund that was asked for and has not come.
    struct PendingRefund: Equatable {
        let name: String
        let amount: Money?
        /// When it has to be there.
        let due: Timestamp
        let position: Position
    }

    /// Where the whole stands.
    let state: SubjectState
    /// When it was placed, else when the first was heard of it.
    let placed: Timestamp
    /// The event it was placed with; nil when that is not known.
    let placedPosition: Position?
    let total: Money?
    /// The shop it was placed at.
    let shop: String?
    /// Until when it was promised.
    let promised: Timestamp?
    /// When all parcels were there; nil while one is not.
    let delivered: Timestamp?
    let pendingRefunds: [PendingRefund]
    /// What is left of the total after cancellations and refunds, where that counts as a purchase.
    let purchase: Money?

    /// Whether something is still to come: goods, a decision, money.
    let isOpen: Bool

    /// Whether nobody came for a parcel in time: it was neither delivered nor late.
    let isUncollected: Bool

    /// Whether it was cancelled as a whole.
    let isCancelled: Bool

    init?(_ order: borrowing SubjectRecord) {
        let parcels = Parcels(order)
        let placement = order.trail(SubjectCode.orderPlaced)
        let isCancelled = Self.isCancelled(order, placement?.money("total"))
        guard let state = Self.state(order, parcels, isCancelled: isCancelled) else { return nil }
        self.state = state
        self.isCancelled = isCancelled
        placed = placement?.marks[0].occurred ?? order.began
        placedPosition = placement?.marks[0].position
        total = placement?.money("total")
        shop = placement?.text("shop")
        promised = placement?.time("promised_to") ?? parcels.promised
        delivered = parcels.allDelivered
        isUncollected = parcels.isUncollected
        pendingRefunds = Self.pendingRefunds(order)
        purchase = Self.purchase(order, total, isCancelled: isCancelled)
        let isComing = state.isOpen && !isCancelled && delivered == nil
        isOpen =
            isComing || !pendingRefunds.isEmpty
            || order.parts(.giveBack).contains {
                order.state(of: .giveBack, named: $0)?.isOpen ?? false
            }
    }

    /// How late an order is.
    enum Lateness {
        /// It came so many milliseconds late.
        case by(Int64)
        /// It was promised until then, and has not come.
        case still(since: Timestamp)
    }

    /// How late it is as of a moment; nil when it is not, or was not promised, or is not to come any
    /// more.
    func lateness(_ moment: CardMoment) -> Lateness? {
        guard let promised, !isCancelled, !isUncollected else { return nil }
        guard let delivered else { return moment.isPast(promised) ? .still(since: promised) : nil }
        return delivered > promised ? .by(delivered - promised) : nil
    }

    private static func state(
        _ order: borrowing SubjectRecord, _ parcels: Parcels, isCancelled: Bool
    ) -> SubjectState? {
        if isCancelled, let mark = order.trail(SubjectCode.orderCancelled)?.newest {
            return SubjectState(
                word: "cancelled", isOpen: false, since: mark.occurred, position: mark.position)
        }
        // Where only a part of it was cancelled it goes on.
        let whole = order.state(without: SubjectCode.orderCancelled)
        guard let newest = parcels.newest else { return whole }
        let isNewer = whole.map { (newest.since, newest.position) > ($0.since, $0.position) }
        let areOver = parcels.allDelivered != nil || parcels.isUncollected
        guard isNewer ?? true || areOver else { return whole }
        guard !newest.isOpen, !areOver else { return newest }
        return SubjectState(
            word: "partlyDelivered", isOpen: true, since: newest.since, position: newest.position)
    }

    /// Cancelled without an amount, or with all of the total.
    private static func isCancelled(_ order: borrowing SubjectRecord, _ total: Money?) -> Bool {
        guard let cancelled = order.trail(SubjectCode.orderCancelled) else { return false }
        guard let total else { return true }
        var sum: Int64 = 0
        for mark in cancelled.marks {
            guard let amount = cancelled.money("amount", of: mark) else { return true }
            sum &+= amount.minorUnits
        }
        return sum >= total.minorUnits
    }

    private static func pendingRefunds(_ order: borrowing SubjectRecord) -> [PendingRefund] {
        order.parts(.refund).compactMap { name in
            guard let state = order.state(of: .refund, named: name), state.isOpen,
                let request = order.trail(SubjectCode.refundRequested, part: name)
            else { return nil }
            let asked = request.newest.occurred
            let due =
                request.time("expected_by")
                ?? asked.advanced(byMilliseconds: SignalKind.refundGraceMilliseconds)
            return PendingRefund(
                name: name, amount: request.money("amount"), due: due,
                position: request.newest.position)
        }
    }

    /// An order counts once it is paid and something is left of it; exchanges, free replacements
    /// and gift cards do not (DOMAIN §6).
    private static func purchase(
        _ order: borrowing SubjectRecord, _ total: Money?, isCancelled: Bool
    ) -> Money? {
        guard let total, !isCancelled, order.trail(SubjectCode.orderPaid) != nil,
            order.trail(SubjectCode.orderPlaced)?.text("exchange_of") == nil,
            order.trail(SubjectCode.giftcardIssued) == nil
        else { return nil }
        var left = total
        if let cancelled = order.trail(SubjectCode.orderCancelled) {
            for mark in cancelled.marks { left.take(cancelled.money("amount", of: mark)) }
        }
        for name in order.parts(.refund) {
            left.take(order.trail(SubjectCode.refundIssued, part: name)?.money("amount"))
        }
        return left.minorUnits > 0 ? left : nil
    }
}

/// An order's parcels together.
private struct Parcels {
    /// The state that came last.
    private(set) var newest: SubjectState?
    /// When the last of them was there; nil while one is not, or there is none.
    private(set) var allDelivered: Timestamp?
    /// Whether nobody came for one in time, and no other is on its way.
    private(set) var isUncollected = false
    /// The earliest promise.
    private(set) var promised: Timestamp?

    init(_ order: borrowing SubjectRecord) {
        var isWaiting = false
        for part in [SubjectPart.shipment, .pickup] {
            for name in order.parts(part) {
                guard let state = order.state(of: part, named: name) else { continue }
                if newest.map({ (state.since, state.position) > ($0.since, $0.position) }) ?? true {
                    newest = state
                }
                if state.isOpen { isWaiting = true }
                if state.word.isSame(as: "expired") {
                    isUncollected = true
                } else if !state.isOpen {
                    allDelivered = max(allDelivered ?? state.since, state.since)
                }
                let promise = order.trail(SubjectCode.shipmentSent, part: name)?.time("promised_to")
                if let promise { promised = min(promised ?? promise, promise) }
            }
        }
        isUncollected = isUncollected && !isWaiting
        if isWaiting || isUncollected { allDelivered = nil }
    }
}

extension Money {
    fileprivate mutating func take(_ other: Money?) {
        // What is in another currency cannot be taken off.
        guard let other, other.currency == currency else { return }
        minorUnits &-= other.minorUnits
    }
}
