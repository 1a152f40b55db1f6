package org.jtorch.text;

import java.util.Comparator;
import java.util.List;

/**
 * What a classifier says of a text.
 *
 * @param scores all classes, with the likeliest one first
 */
public record TextClassification(List<LabelScore> scores) {

    /** Sorts the classes. */
    public TextClassification {
        scores = scores.stream()
                .sorted(Comparator.comparingDouble(LabelScore::score).reversed())
                .toList();
    }

    /** Returns the likeliest class. */
    public String label() {
        return scores.get(0).label();
    }

    /** Returns the score of the likeliest class. */
    public double score() {
        return scores.get(0).score();
    }
}
