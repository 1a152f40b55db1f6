package org.jtorch.tools;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.OpRecorder.RecordedOp;

/** Recognizes calls of ops that drop elements at random. */
final class Dropping {

    private Dropping() {}

    static boolean isIn(RecordedOp op) {
        List<@Nullable Object> a = op.arguments();
        String name = op.operator();
        String plain = name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
        return switch (plain) {
            case "aten::dropout", "aten::feature_dropout", "aten::alpha_dropout", "aten::feature_alpha_dropout" ->
                isPositive(a.get(1)) && Boolean.TRUE.equals(a.get(2));
            case "aten::scaled_dot_product_attention" -> isPositive(a.get(4));
            case "aten::lstm", "aten::gru", "aten::rnn_tanh", "aten::rnn_relu" -> recurrent(a);
            default -> false;
        };
    }

    /**
     * Returns whether a recurrent network drops elements. After the list of parameters come: biases, layers, dropout, training.
     * Dropout is applied only between layers, so not if there is one layer.
     */
    private static boolean recurrent(List<@Nullable Object> a) {
        int parameters = a.size() - 1;
        while (!(a.get(parameters) instanceof List<?>)) {
            parameters--;
        }
        return a.get(parameters + 2) instanceof Number layers
                && layers.longValue() > 1
                && isPositive(a.get(parameters + 3))
                && Boolean.TRUE.equals(a.get(parameters + 4));
    }

    private static boolean isPositive(@Nullable Object number) {
        return number instanceof Number n && n.doubleValue() > 0;
    }
}
