package org.jtorch.optim;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.text.PythonNumbers;
import org.jtorch.optim.options.OptimizerOptions;
import org.jtorch.serialize.python.Tuple;

/** The text of an optimizer, as PyTorch prints it. */
final class OptimizerText {

    private OptimizerText() {}

    static <O extends OptimizerOptions<O>> String of(String name, List<ParamGroup<O>> groups) {
        StringBuilder text = new StringBuilder(name).append(" (");
        for (int i = 0; i < groups.size(); i++) {
            ParamGroup<O> group = groups.get(i);
            Map<String, @Nullable Object> entries =
                    new TreeMap<>(group.options().asMap());
            entries.putAll(group.extras());
            if (group.names() != null) {
                entries.put(SavedState.NAMES, group.names());
            }
            text.append("\nParameter Group ").append(i).append('\n');
            entries.forEach((key, value) -> text.append("    ")
                    .append(key)
                    .append(": ")
                    .append(python(value))
                    .append('\n'));
        }
        return text.append(')').toString();
    }

    private static String python(@Nullable Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean flag) {
            return flag ? "True" : "False";
        }
        if (value instanceof Double number) {
            return PythonNumbers.repr(number);
        }
        if (value instanceof Tuple tuple) {
            StringBuilder text = new StringBuilder("(");
            for (int i = 0; i < tuple.size(); i++) {
                text.append(i == 0 ? "" : ", ").append(python(tuple.get(i)));
            }
            return text.append(')').toString();
        }
        return value.toString();
    }
}
