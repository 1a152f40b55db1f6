package org.jtorch.models.classification;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;

/**
 * What a classifier says of a text or an image.
 *
 * @param scores all classes, with the likeliest one first; at least one
 */
public record Classification(List<LabelScore> scores) {

    /**
     * Sorts the classes.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Classification {
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("a classification has at least one class, but there are no scores");
        }
        scores = scores.stream()
                .sorted(Comparator.comparingDouble(LabelScore::score).reversed())
                .toList();
    }

    /**
     * Makes the numbers of a model into scores as the pipelines of {@code transformers} do: with the sigmoid function if there
     * is one class, or if {@code problem_type} is {@code multi_label_classification}; as they are if it is {@code regression};
     * otherwise with softmax.
     *
     * @param logits what the model computed: (N, labels)
     * @param config the configuration of the model
     * @param labels the names of the classes
     * @return a classification for each row
     * @throws ConfigException if the number of labels is not that of the columns
     */
    public static List<Classification> of(Tensor logits, ModelConfig config, List<String> labels) {
        int classes = Math.toIntExact(logits.size(1));
        if (classes != labels.size()) {
            throw new ConfigException("the model gives " + classes + " numbers, but there are " + labels.size()
                    + " labels: give it a name for each");
        }
        Object problem = config.values().get("problem_type");
        Tensor exact = logits.to(DType.FLOAT32);
        Tensor scores = "regression".equals(problem)
                ? exact
                : "multi_label_classification".equals(problem) || classes == 1 ? exact.sigmoid() : exact.softmax(-1);
        float[] all = scores.to(Device.CPU).contiguous().toFloatArray();
        List<Classification> results = new ArrayList<>();
        for (int start = 0; start < all.length; start += classes) {
            List<LabelScore> row = new ArrayList<>();
            for (int j = 0; j < classes; j++) {
                row.add(new LabelScore(labels.get(j), all[start + j]));
            }
            results.add(new Classification(row));
        }
        return results;
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
