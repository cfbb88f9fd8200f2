/// What customers say of us, and agents.
extension MetricDefinition {
    static let surveyed: [MetricDefinition] =
        scored
        + [
            MetricDefinition(
                name: "bad_answers", unit: .share,
                formula:
                    "bad answers / answers; bad are NPS 0 … 6, the two worst of other scales, of an "
                    + "ease to 7 the three worst, not solved",
                filter: "surveys of kind nps, csat, ces, solved", anchor: .created,
                source: "Throughline",
                uses: Uses(distributions: [
                    .npsAnswers, .csatAnswers, .cesAnswers, .solvedAnswers, .badAnswers,
                ])
            ) { figures in
                let all = SurveyKind.allCases.filter { $0 != .custom }
                return .share(
                    figures.count(.badAnswers),
                    of: all.reduce(0) { $0 + figures.count($1.distribution) })
            }
        ] + SurveyDriver.allCases.map(driven)

    /// What agents say of their work: sensitive, of no agent, in whole groups of five.
    static let surveyedAgents: [MetricDefinition] = [
        ofAgents("esat", .share, "the two best answers / answers", "all scales") { figures in
            let scores = figures.scores(.esatAnswers)
            return .share(
                scores.filter { $0.0.isTopTwo }.reduce(0) { $0 + $1.1 },
                of: scores.reduce(0) { $0 + $1.1 })
        },
        ofAgents("esat_mean", .score, "Σ answer / answers", "scale to 5") { figures in
            let scores = figures.scores(.esatAnswers).filter { $0.0.most == 5 }
            return .mean(
                sum: scores.reduce(0) { $0 + Int128($1.0.score) * Int128($1.1) },
                of: scores.reduce(0) { $0 + $1.1 })
        },
        MetricDefinition(
            name: "esat_named", unit: .count,
            formula: "answers that name a driver, each driver's in fives; PER driver tells which",
            filter: "agent.surveyAnswered of one round and team", anchor: .created,
            source: "Throughline", uses: Uses(counts: [.esatNamed])
        ) { .count($0[.esatNamed]) },
    ]

    private static func ofAgents(
        _ name: String, _ unit: Unit, _ formula: String, _ scales: String,
        _ value: @escaping @Sendable (MetricFigures) -> MetricValue
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, unit: unit, formula: formula,
            filter: "agent.surveyAnswered, \(scales); whole groups of five of a round, team and "
                + "scale, in the order recorded",
            anchor: .created, source: "Throughline", uses: Uses(distributions: [.esatAnswers]),
            value: value)
    }

    /// The share of the bad answers that name a driver.
    private static func driven(_ driver: SurveyDriver) -> MetricDefinition {
        MetricDefinition(
            name: "driver_" + driver.metricWord, unit: .share,
            formula: "bad answers that name "
                + (driver == .other ? "any other driver" : driver.word) + " / bad answers",
            filter: "surveys of kind nps, csat, ces, solved", anchor: .created,
            source: "Throughline", uses: Uses(distributions: [.badAnswers])
        ) { figures in
            let bit = SurveyDriver.bit(driver)
            let runs = figures[.badAnswers].runs
            return .share(
                runs.reduce(0) { $0 + ($1.milliseconds & bit == 0 ? 0 : $1.count) },
                of: runs.reduce(0) { $0 + $1.count })
        }
    }

    private static let scored: [MetricDefinition] = [
        MetricDefinition(
            name: "nps", version: 2, unit: .score,
            formula: "100 · (answers 9, 10 − answers 0 … 6) / answers; from 30 answers on",
            filter: "surveys of kind nps, scale to 10", anchor: .created, source: "Reichheld 2003",
            uses: Uses(distributions: [.npsAnswers])
        ) { figures in
            var (promoters, detractors, all): (Int64, Int64, Int64) = (0, 0, 0)
            for (score, count) in figures.scores(.npsAnswers) where score.most == 10 {
                all += count
                if score.score >= 9 { promoters += count }
                if score.score <= 6 { detractors += count }
            }
            return .net(promoters: promoters, detractors: detractors, of: all)
        },
        topTwo("csat", .csatAnswers, "the two best answers / answers", "surveys of kind csat"),
        average("csat_mean", .csatAnswers, "Σ answer / answers", "surveys of kind csat, scale to 5")
        {
            $0.most == 5
        },
        average(
            "ces", .cesAnswers, "Σ answer / answers",
            "surveys of kind ces, scale to 7, high is easy"
        ) { $0.most == 7 && !$0.isLowGood },
        MetricDefinition(
            name: "ces_easy", version: 2, unit: .share, formula: "answers 5 … 7 / answers",
            filter: "surveys of kind ces, scale to 7, high is easy", anchor: .created,
            source: "Dixon 2010", uses: Uses(distributions: [.cesAnswers])
        ) { figures in
            let scores = figures.scores(.cesAnswers).filter { $0.0.most == 7 && !$0.0.isLowGood }
            return .share(
                scores.filter { $0.0.score >= 5 }.reduce(0) { $0 + $1.1 },
                of: scores.reduce(0) { $0 + $1.1 })
        },
        average(
            "effort", .cesAnswers, "Σ answer / answers",
            "surveys of kind ces, scale to 5, low is good"
        ) { $0.most == 5 && $0.isLowGood },
        MetricDefinition(
            name: "fcr_stated", version: 2, unit: .share, formula: "answers yes / answers",
            filter: "surveys of kind solved", anchor: .created, source: "Throughline",
            uses: Uses(distributions: [.solvedAnswers])
        ) { figures in
            let scores = figures.scores(.solvedAnswers)
            return .share(
                scores.filter { $0.0.score == $0.0.most }.reduce(0) { $0 + $1.1 },
                of: scores.reduce(0) { $0 + $1.1 })
        },
        share(
            "survey_response_rate", "invitations answered / invitations", .surveysAnswered,
            of: .surveysInvited, .created, filter: "invitations that are told of", version: 2),
    ]

    private static func topTwo(
        _ name: String, _ which: MetricDistribution, _ formula: String, _ filter: String
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, version: 2, unit: .share, formula: formula, filter: filter,
            anchor: .created, source: "Throughline", uses: Uses(distributions: [which])
        ) { figures in
            let scores = figures.scores(which)
            let good = scores.filter { $0.0.isTopTwo }
            return .share(
                good.reduce(0) { $0 + $1.1 }, of: scores.reduce(0) { $0 + $1.1 })
        }
    }

    private static func average(
        _ name: String, _ which: MetricDistribution, _ formula: String, _ filter: String,
        _ counts: @escaping @Sendable (SurveyScore) -> Bool
    ) -> MetricDefinition {
        MetricDefinition(
            name: name, version: 2, unit: .score, formula: formula, filter: filter,
            anchor: .created, source: "Throughline", uses: Uses(distributions: [which])
        ) { figures in
            let scores = figures.scores(which).filter { counts($0.0) }
            return .mean(
                sum: scores.reduce(0) { $0 + Int128($1.0.score) * Int128($1.1) },
                of: scores.reduce(0) { $0 + $1.1 })
        }
    }
}

extension MetricFigures {
    /// The answers of a kind of survey, each with how often it was given.
    fileprivate func scores(_ which: MetricDistribution) -> [(SurveyScore, Int64)] {
        self[which].runs.map { (SurveyScore(number: $0.milliseconds), $0.count) }
    }
}
