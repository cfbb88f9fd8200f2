import Client
import DaemonTesting
import Foundation
import RESP
import Testing

/// A marketplace's review scores as answers to a survey about an order, against figures computed
/// independently of this program.
@Suite(
    "RealData: the marketplace's reviews",
    .enabled(
        if: RealData.reviews != nil,
        "the tables are not in $THROUGHLINE_DATA/olist-subset; nothing is compared"),
    .serialized)
struct OlistReviewsTests {
    @Test("8,225 answers have their mean and their share of the two best")
    func scores() throws {
        let daemon = try DaemonProcess()
        try daemon.start()
        let run = try daemon.tool([
            "import", "--json", "--mapping", RealData.reviewsMapping,
            try #require(RealData.reviews),
        ])
        #expect(run.code == 0, "\(run.error)")
        var connection = try daemon.connect()
        let head = try #require(try connection.call("HEAD").integerValue)
        let reply = try connection.call([
            "METRICS", "FROM", "2016-01-01T00:00:00Z", "TO", "2019-01-01T00:00:00Z", "ONLY", "csat",
            "ONLY", "csat_mean", "ONLY", "survey_response_rate", "AFTER", "\(head)", "WITHIN",
            "60000",
        ])
        let text = try #require(reply.text, "\(reply)")
        let document = Figure(value: try JSONSerialization.jsonObject(with: Data(text.utf8)))
        let metrics = document["rows"][0]["metrics"]
        #expect(metrics["csat"]["n"].integer == 8_225)
        #expect(metrics["csat"]["part"].integer == 4_538)
        #expect(metrics["csat"]["value"].rounded(6) == 0.551733)
        #expect(metrics["csat_mean"]["n"].integer == 8_225)
        #expect(metrics["csat_mean"]["value"].rounded(6) == 3.271611)
        #expect(metrics["survey_response_rate"]["value"].number == 1)
        #expect(daemon.stop() == 0)
    }
}

extension RealData {
    /// The table of reviews, where it is.
    static let reviews: String? = {
        guard let path = ProcessInfo.processInfo.environment["THROUGHLINE_DATA"] else { return nil }
        let file = path + "/olist-subset/olist_order_reviews_dataset.csv.zst"
        return FileManager.default.fileExists(atPath: file) ? file : nil
    }()

    static var reviewsMapping: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../bench/mappings/olist-reviews.toml").standardized.path
    }
}
