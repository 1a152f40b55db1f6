package org.jtorch.models.decoder;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;

/**
 * The frequencies of rotary positions, {@code rope_parameters} in {@code config.json}, or {@code rope_theta} and
 * {@code rope_scaling} in older files. The variants are {@code default}, {@code linear}, {@code llama3} and {@code yarn}.
 *
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer: Enhanced Transformer with Rotary Position Embedding</a>
 */
public final class RotaryParameters {

    private static final Set<String> KEYS = Set.of(
            "type",
            "rope_type",
            "rope_theta",
            "factor",
            "low_freq_factor",
            "high_freq_factor",
            "original_max_position_embeddings",
            "attention_factor",
            "mscale",
            "mscale_all_dim",
            "beta_fast",
            "beta_slow",
            "truncate",
            "partial_rotary_factor");

    private final Map<String, Object> values = new TreeMap<>();
    private final String type;
    private final int dim;
    private final double theta;

    /**
     * Reads the parameters.
     *
     * @param given the values in the configuration
     * @param theta the base of the frequencies, if the values do not contain it
     * @param headDim the size of a head
     * @param maxPositions the number of positions of the model
     * @throws ConfigException if the variant is not known, or lacks a value
     */
    RotaryParameters(Map<String, @Nullable Object> given, double theta, long headDim, long maxPositions) {
        Set<String> unknown = new TreeSet<>(given.keySet());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new ConfigException("the rotary positions of the model have values that are not known: " + unknown);
        }
        values.put("original_max_position_embeddings", maxPositions);
        given.forEach((key, value) -> {
            if (value != null) {
                values.put(key, value);
            }
        });
        this.type = String.valueOf(values.getOrDefault("rope_type", values.getOrDefault("type", "default")));
        this.theta = number("rope_theta", theta);
        if (number("partial_rotary_factor", 1) != 1) {
            throw new ConfigException("the rotary positions of the model have partial_rotary_factor = "
                    + values.get("partial_rotary_factor") + ", but it must be 1");
        }
        this.dim = Math.toIntExact(headDim);
        if (!Set.of("default", "linear", "llama3", "yarn").contains(type)) {
            throw new ConfigException("the rotary positions of the model are of type '" + type
                    + "', but must be of one of default, linear, llama3, yarn");
        }
    }

    /** Returns the angle per position of each pair of elements, (head_dim / 2). */
    public float[] frequencies() {
        return switch (type) {
            case "linear" -> map(plain(), frequency -> frequency / (float) number("factor"));
            case "llama3" -> map(plain(), this::llama3);
            case "yarn" -> yarn();
            default -> plain();
        };
    }

    /** Returns the factor of the sines and cosines. */
    public double scale() {
        if (!type.equals("yarn")) {
            return 1;
        }
        double factor = number("factor");
        double scale = number("mscale", 0);
        double scaleAll = number("mscale_all_dim", 0);
        double standard =
                scale != 0 && scaleAll != 0 ? growth(factor, scale) / growth(factor, scaleAll) : growth(factor, 1);
        return number("attention_factor", standard);
    }

    private static double growth(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private float[] plain() {
        float[] frequencies = new float[dim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / (float) Math.pow(theta, (float) (2 * i) / dim);
        }
        return frequencies;
    }

    /** Keeps short waves, stretches long ones, and goes smoothly from the former to the latter. */
    private float llama3(float frequency) {
        double factor = number("factor");
        double low = number("low_freq_factor");
        double high = number("high_freq_factor");
        double context = number("original_max_position_embeddings");
        double wave = 2 * Math.PI / frequency;
        if (wave < context / high) {
            return frequency;
        }
        if (wave > context / low) {
            return (float) (frequency / factor);
        }
        double smooth = (context / wave - low) / (high - low);
        return (float) ((1 - smooth) * frequency / factor + smooth * frequency);
    }

    /** See "YaRN: Efficient Context Window Extension of Large Language Models", https://arxiv.org/abs/2309.00071. */
    private float[] yarn() {
        double factor = number("factor");
        double low = correction(number("beta_fast", 32));
        double high = correction(number("beta_slow", 1));
        if (!Boolean.FALSE.equals(values.get("truncate"))) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, dim - 1);
        if (low == high) {
            high += 0.001;
        }
        float[] frequencies = plain();
        for (int i = 0; i < frequencies.length; i++) {
            double ramp = Math.min(1, Math.max(0, (i - low) / (high - low)));
            frequencies[i] = (float) (frequencies[i] / factor * ramp + frequencies[i] * (1 - ramp));
        }
        return frequencies;
    }

    /** Returns the pair of elements that turns a number of times within the context. */
    private double correction(double turns) {
        double context = number("original_max_position_embeddings");
        return dim * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private interface FloatFunction {
        float apply(float value);
    }

    private static float[] map(float[] values, FloatFunction function) {
        for (int i = 0; i < values.length; i++) {
            values[i] = function.apply(values[i]);
        }
        return values;
    }

    private double number(String key, double standard) {
        return values.get(key) instanceof Number number ? number.doubleValue() : standard;
    }

    private double number(String key) {
        if (values.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new ConfigException(
                "the rotary positions of type '" + type + "' need a number " + key + ", but have " + values);
    }
}
