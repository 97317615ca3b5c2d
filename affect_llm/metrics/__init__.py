"""Pure functions of labels and numbers, one idea per file.

Every function refuses inputs that make no sense with a `DataError`, and returns None where its
value is not defined (nothing to count); it never returns 0 for that.

Entry points, as file: functions (source).

One label out of a closed set: `counts = confusion_matrix(gold, answers, labels)`, then
    confusion: confusion_matrix; answer_codes and counted, for resampling
    accuracy: accuracy = WAR
    recall: unweighted_recall = UAR (Schuller 2009)
    f1: f1_per_label, macro_f1, weighted_f1 (scikit-learn)
    majority: majority_label, a baseline
    compound_classes: compound("happily surprised") -> pair, C_EXPR_7, RAF_DB_11
    compound_f1: compound_names (then macro_f1), component_credits (Kollias 2023)

Several labels out of a closed set: `pair = label_set_pair(gold, predicted, labels)`, then
    multi_label_f1: micro_f1, multi_label_macro_f1, multi_label_weighted_f1, samples_f1
    multi_label_match: exact_match, jaccard (scikit-learn, SemEval-2018)

Open labels and judged texts:
    emotion_wheel, open_set_score, hit_rate, sentiment_f1: as the published evaluators compute them
    repaired_open_set: the same labels with no word dropped
    set_level: accuracy and recall over groups that a judge made (EMER-V2)
    preference: preference_agreement with a human choice of two, and position bias (EmoPrefer)

Numbers:
    concordance: concordance_correlation = CCC (Lin 1989), pearson
    prediction_error: mean_absolute_error, root_mean_squared_error

Confidence:
    calibration_error: reliability_bins, expected_calibration_error (Guo 2017)
    risk_coverage: risk_coverage_curve (Geifman 2017)

Agreement of raters, of the tables that `rating_tables` makes:
    cohen_kappa: cohen_kappa, plain, linear or quadratic (Cohen 1960 and 1968)
    fleiss_kappa: fleiss_kappa (Fleiss 1971)
    krippendorff_alpha: nominal_alpha, ordinal_alpha, interval_alpha (Krippendorff 2011)

Uncertainty of any of them, clustered by group:
    bootstrap: bootstrap_interval of a statistic (Cameron 2008)
    paired_bootstrap: paired_bootstrap of the difference of two systems (Efron 1993)
    swap_test: swap_test of any difference (Phipson 2010); of accuracy this is McNemar's test
    holm: holm, for several p values (Holm 1979)

An interval of macro F1:

    codes = answer_codes(gold, answers, labels)
    bootstrap_interval(lambda i: macro_f1(counted(codes[i], len(labels))), groups, rng)

A test of two systems' macro F1 (codes_a and codes_b of the same items):

    def difference(swap):
        first, second = np.where(swap, codes_b, codes_a), np.where(swap, codes_a, codes_b)
        return macro_f1(counted(first, k)) - macro_f1(counted(second, k))
    swap_test(difference, groups, rng)

Shared: `rows` (input checks), `label_sets`, `label_rows`, `averages`, `resamples` (groups drawn
again).
"""
