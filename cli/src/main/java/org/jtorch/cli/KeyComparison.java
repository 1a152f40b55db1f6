package org.jtorch.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.PythonText;
import org.jtorch.nn.state.StateDictDiff;
import org.jtorch.serialize.format.TensorInfo;

/** Compares two checkpoints by keys, shapes and dtypes, without reading values. */
final class KeyComparison {

    private static final int MOST_OF_A_TEXT = 40;

    private KeyComparison() {}

    /** Returns the differences: first the keys of the left side in its order, then those that only the right side has. */
    static StateDictDiff of(Map<String, ?> left, Map<String, ?> right) {
        List<StateDictDiff.Row> rows = new ArrayList<>();
        int same = 0;
        for (Map.Entry<String, ?> entry : left.entrySet()) {
            String key = entry.getKey();
            StateDictDiff.Kind kind = right.containsKey(key)
                    ? difference(entry.getValue(), right.get(key))
                    : StateDictDiff.Kind.ONLY_LEFT;
            if (kind == null) {
                same++;
            } else {
                String other = kind == StateDictDiff.Kind.ONLY_LEFT ? null : form(right.get(key));
                rows.add(new StateDictDiff.Row(key, kind, form(entry.getValue()), other, null));
            }
        }
        right.forEach((key, value) -> {
            if (!left.containsKey(key)) {
                rows.add(new StateDictDiff.Row(key, StateDictDiff.Kind.ONLY_RIGHT, null, form(value), null));
            }
        });
        return new StateDictDiff(rows, same);
    }

    /** Returns how two values differ, as far as it is known without reading a tensor; null if they do not. */
    private static StateDictDiff.@Nullable Kind difference(@Nullable Object left, @Nullable Object right) {
        if (!(left instanceof TensorInfo a) || !(right instanceof TensorInfo b)) {
            return left instanceof TensorInfo || right instanceof TensorInfo ? StateDictDiff.Kind.VALUE : null;
        }
        if (a.isUninitialized() != b.isUninitialized() || !Arrays.equals(a.shape(), b.shape())) {
            return StateDictDiff.Kind.SHAPE;
        }
        return a.typeName().equals(b.typeName()) ? null : StateDictDiff.Kind.DTYPE;
    }

    private static String form(@Nullable Object value) {
        return value instanceof TensorInfo tensor
                ? (tensor.isUninitialized() ? "uninitialized" : PythonText.tuple(tensor.shape())) + " "
                        + DTypeNames.name(tensor)
                : ValueText.of(value, MOST_OF_A_TEXT);
    }
}
