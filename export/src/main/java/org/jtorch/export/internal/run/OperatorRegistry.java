package org.jtorch.export.internal.run;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.jtorch.Operator;
import org.jtorch.OperatorSchema;

/** The operators that are written in Java, by their names. */
public final class OperatorRegistry {

    /** An operator with its schema. */
    record Entry(OperatorSchema schema, FunctionStep.Body body) {}

    private static final Map<String, Entry> ENTRIES = new ConcurrentHashMap<>();

    static {
        add("torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor", VisionOperators::nms);
        add(
                "torchvision::roi_align(Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt"
                        + " pooled_width, int sampling_ratio, bool aligned) -> Tensor",
                VisionOperators::roiAlign);
    }

    private OperatorRegistry() {}

    /** Adds an operator, or replaces the one of the same name. */
    public static void add(String schema, FunctionStep.Body body) {
        OperatorSchema read = OperatorSchema.parse(Objects.requireNonNull(schema, "schema"));
        ENTRIES.put(read.name() + "." + read.overload(), new Entry(read, body));
    }

    /** Returns the arguments of the operator that a node's target names, or null if it is not written in Java. */
    public static @Nullable List<Operator.Argument> arguments(String target) {
        String[] parts = target.split("\\.", -1);
        if (parts.length != 5) {
            return null;
        }
        Entry entry = find(parts[2] + "::" + parts[3], parts[4].equals("default") ? "" : parts[4]);
        return entry == null ? null : entry.schema().arguments();
    }

    /** Returns an operator, or null if there is none of that name. */
    static @Nullable Entry find(String name, String overload) {
        return ENTRIES.get(name + "." + overload);
    }
}
