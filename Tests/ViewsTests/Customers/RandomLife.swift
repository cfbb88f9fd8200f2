import EventModel
import FoldTesting
import TestSupport

/// Random events of one person's orders, visits, consents and contacts, each at a moment of its own.
enum RandomLife {
    static func happenings(_ count: Int, _ random: inout SeededGenerator) -> [Happening] {
        (1...count).map { index in
            // Days apart, so that orders come late and people stay away.
            let moment =
                Int64(index) * 3 * Card.day + Int64.random(in: 0..<Card.day, using: &random)
            return happening(at: moment, &random)
        }
    }

    private static func happening(
        at moment: Int64, _ random: inout SeededGenerator
    ) -> Happening {
        let order: AttributeValue = .ref("o-\(Int.random(in: 1...9, using: &random))")
        let part: AttributeValue = .ref("p-\(Int.random(in: 1...2, using: &random))")
        let amount: AttributeValue = .euros(Int64.random(in: 1...9_000, using: &random))
        let soon: AttributeValue = .at(moment + Int64.random(in: 0...9, using: &random) * Card.day)
        let word: AttributeValue = .text("w\(Int.random(in: 1...3, using: &random))")
        switch Int.random(in: 0..<20, using: &random) {
        case 0, 1, 2:
            return Card.ana(
                "order.placed", moment, nil, ["order": order, "total": amount, "promised_to": soon])
        case 3, 4: return Card.ana("order.paid", moment, nil, ["order": order])
        case 5:
            return Card.ana("order.paymentFailed", moment, nil, ["order": order, "reason": word])
        case 6: return Card.ana("order.cancelled", moment, nil, ["order": order, "amount": amount])
        case 7:
            return Card.ana("shipment.sent", moment, nil, ["order": order, "shipment_id": part])
        case 8, 9:
            return Card.ana(
                "delivery.delivered", moment, nil, ["order": order, "shipment_id": part])
        case 10:
            return Card.ana(
                "refund.requested", moment, nil,
                ["order": order, "refund_id": part, "amount": amount, "expected_by": soon])
        case 11:
            return Card.ana(
                "refund.issued", moment, nil, ["order": order, "refund_id": part, "amount": amount])
        case 12:
            let type = Bool.random(using: &random) ? "consent.given" : "consent.withdrawn"
            return Card.ana(type, moment, nil, ["purpose": word, "brand": .ref("b")])
        case 13: return Card.ana("trait.set", moment, nil, ["name": word, "value": amount.text])
        case 14: return Card.ana("flag.raised", moment, nil, ["flag": word])
        case 15: return Card.ana("flag.cleared", moment, nil, ["flag": word])
        case 16:
            return Card.ana(
                "survey.answered", moment, nil,
                [
                    "invitation_id": part,
                    "score": .integer(Int64.random(in: 0...10, using: &random)),
                    "kind": .text("nps"),
                ])
        case 17: return Card.ana("promise.made", moment, nil, ["promise_id": part, "due": soon])
        case 18: return Card.ana("promise.kept", moment, nil, ["promise_id": part])
        default: return Card.ana("cart.changed", moment, nil, ["cart_id": part, "product": word])
        }
    }
}

extension AttributeValue {
    fileprivate var text: AttributeValue { .text("\(self)") }
}
