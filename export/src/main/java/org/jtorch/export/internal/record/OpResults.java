package org.jtorch.export.internal.record;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.Layout;
import org.jtorch.OperatorSchema;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.ValuesIndices;
import org.jtorch.export.graph.ExportException;

/** The results of recorded operations. */
final class OpResults {

    private OpResults() {}

    /** Returns a copy of the first tensor of a result. */
    static Tensor copied(@Nullable Object result) {
        Object first = result;
        if (result instanceof List<?> list) {
            first = list.isEmpty() ? null : list.get(0);
        } else if (result instanceof ValuesIndices pair) {
            first = pair.values();
        }
        if (first instanceof List<?>) {
            return copied(first);
        }
        return first instanceof Tensor tensor && tensor.layout() == Layout.STRIDED
                ? tensor.detach().clone().unscoped()
                : Torch.zeros(0);
    }

    /** Returns the results, one for each in the schema. */
    static List<@Nullable Object> parts(@Nullable Object result, OperatorSchema schema) {
        List<String> returns = schema.returns();
        List<@Nullable Object> parts = new ArrayList<>();
        if (returns.isEmpty()) {
            return parts;
        }
        if (returns.size() == 1) {
            // an operator that is called by its name returns a list of its results
            if (result instanceof List<?> list
                    && list.size() == 1
                    && (!returns.get(0).endsWith("[]") || list.get(0) instanceof List<?>)) {
                parts.add(list.get(0));
            } else {
                parts.add(result);
            }
            return parts;
        }
        if (result instanceof ValuesIndices pair) {
            parts.add(pair.values());
            parts.add(pair.indices());
        } else if (result instanceof List<?> list) {
            parts.addAll(list);
        } else {
            parts.add(result);
        }
        if (parts.size() != returns.size()) {
            throw new ExportException(
                    schema.fullName() + " has " + returns.size() + " results, of which the method that was"
                            + " called returns " + parts.size() + "; call it by Operator.find to record it");
        }
        return parts;
    }
}
